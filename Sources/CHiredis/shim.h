// Only hiredis's RESP parser is used; SwiftNIO provides the sockets.
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
