// hiredis is used for its RESP parser alone: the sockets are SwiftNIO's.
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
