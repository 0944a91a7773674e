// The floor: what the kernel alone costs a client that sends requests and receives responses in a loop.
// Edge-triggered epoll, one send and one recv per exchange; nothing is parsed, timed or checked.
//
//   cc -O2 -o floor floor.c
//   ./floor PORT CONNECTIONS SECONDS [PATH]
//
// Prints the number of exchanges and the CPU time per exchange in microseconds.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { events_at_once = 512, buffer_size = 65536 };

static char request[512];
static char buffer[buffer_size];

static double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void fail(const char *call) {
    perror(call);
    exit(1);
}

static int connected(int port) {
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port)};
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0) fail("socket");
    if (connect(socket_, (struct sockaddr *)&peer, sizeof peer) < 0) fail("connect");
    int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket_;
}

int main(int count, char **arguments) {
    if (count < 4) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS SECONDS [PATH]\n", arguments[0]);
        return 1;
    }
    int port = atoi(arguments[1]), connections = atoi(arguments[2]);
    double duration = atof(arguments[3]);
    const char *path = count > 4 ? arguments[4] : "/";
    int length = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);

    int set = epoll_create1(0);
    if (set < 0) fail("epoll_create1");
    for (int index = 0; index < connections; index++) {
        int socket_ = connected(port);
        struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = socket_};
        if (epoll_ctl(set, EPOLL_CTL_ADD, socket_, &event) < 0) fail("epoll_ctl");
        if (send(socket_, request, length, MSG_NOSIGNAL) != length) fail("send");
    }

    struct epoll_event events[events_at_once];
    long exchanges = 0;
    for (double end = seconds_now() + duration; seconds_now() < end;) {
        int ready = epoll_wait(set, events, events_at_once, 100);
        for (int index = 0; index < ready; index++) {
            int socket_ = events[index].data.fd;
            ssize_t received = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
            if (received == 0) {
                fprintf(stderr, "the server closed a connection\n");
                return 1;
            }
            if (received < 0) {
                if (errno == EAGAIN) continue;
                fail("recv");
            }
            exchanges++;
            if (send(socket_, request, length, MSG_NOSIGNAL) != length) fail("send");
        }
    }

    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    printf("%ld exchanges, %.2f us of CPU each\n", exchanges, cpu * 1e6 / exchanges);
    return 0;
}
