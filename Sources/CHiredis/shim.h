// The server uses only the RESP parser, with SwiftNIO's sockets. The harness uses the blocking client.
#include <hiredis/hiredis.h>
#include <hiredis/read.h>
