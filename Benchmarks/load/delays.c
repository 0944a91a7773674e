// A server with known delays: it responds to each request after a delay drawn from a known distribution, and once
// holds back all responses for a second. It takes the time when it reads a request and when it writes the response.
// At SIGTERM it writes the differences, in nanoseconds, to a file as 64-bit numbers.
//
//     delays PORT FILE STALL      STALL: the number of the request at which the stall begins; 0 for none
//     delays PORT FILE 0 HITS     HITS: the percentage of requests that get an immediate response, as hits
//
// 50% of the delays are from 2.00 to 2.08 ms, 40% up to 2.13 ms, 9% from 5 to 10 ms and 1% from 20 to 21 ms.
//
// With HITS, times start when the kernel received the request, so that they include the wait for this server.
// Requests that are not hits are misses. The times of hits go to FILE.hits.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY 4000000
struct due { uint64_t at, since; int socket; };
struct times { uint64_t *values, count; };
static struct due heap[65536];
static int waiting;
static struct times misses, hits;
static uint64_t state = 88172645463325252ull, stalledUntil;
static volatile sig_atomic_t ended;
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}";
static const char hit[] = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Type: application/json\r\n\r\n{\"hit\":true}";

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static double uniform(void) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static uint64_t delay(void) {
    double kind = uniform(), within = uniform();
    double ms = kind < 0.5 ? 2.00 + 0.08 * within : kind < 0.9 ? 2.08 + 0.05 * within : kind < 0.99 ? 5 + 5 * within : 20 + within;
    return (uint64_t)(ms * 1e6);
}

static void push(struct due due) {
    int at = waiting++;
    for (; at > 0 && heap[(at - 1) / 2].at > due.at; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = due;
}

static struct due pop(void) {
    struct due top = heap[0], last = heap[--waiting];
    int at = 0;
    for (int child; (child = 2 * at + 1) < waiting; at = child) {
        if (child + 1 < waiting && heap[child + 1].at < heap[child].at) child++;
        if (heap[child].at >= last.at) break;
        heap[at] = heap[child];
    }
    heap[at] = last;
    return top;
}

static void respond(int socket, const char *text, size_t length, struct times *times, uint64_t since) {
    if (send(socket, text, length, MSG_NOSIGNAL) > 0 && times->count < CAPACITY) times->values[times->count++] = now() - since;
}

// Reads from a socket. `since` is when the kernel received the data, on the clock of now().
static ssize_t receive(int socket, void *buffer, size_t capacity, uint64_t *since) {
    char control[256];
    struct iovec bytes = {buffer, capacity};
    struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t received = recvmsg(socket, &message, 0);
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    *since = now();
    struct cmsghdr *part = received > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (part && part->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec stamp;
        memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        *since -= (uint64_t)(wall.tv_sec - stamp.tv_sec) * 1000000000 + (uint64_t)(wall.tv_nsec - stamp.tv_nsec);
    }
    return received;
}

static int save(const char *path, struct times times) {
    FILE *file = fopen(path, "wb");
    return file && fwrite(times.values, sizeof *times.values, times.count, file) == times.count && !fclose(file);
}

static void stop(int signal) { (void)signal; ended = 1; }

int main(int arguments, char **argument) {
    if (arguments < 4) return fprintf(stderr, "usage: delays PORT FILE STALL [HITS]\n"), 1;
    double share = arguments > 4 ? atof(argument[4]) / 100 : 0;
    uint64_t stallAt = strtoull(argument[3], NULL, 10), requests = 0;
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    misses.values = malloc(CAPACITY * sizeof *misses.values), hits.values = malloc(CAPACITY * sizeof *hits.values);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1, set = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argument[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("listen"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
    while (!ended) {
        uint64_t time = now();
        while (waiting > 0 && heap[0].at <= time) {
            struct due due = pop();
            if (time < stalledUntil) {
                due.at = stalledUntil;
                push(due);
                continue;
            }
            respond(due.socket, answer, sizeof answer - 1, &misses, due.since);
            time = now();
        }
        uint64_t wait = waiting > 0 ? (heap[0].at > time ? heap[0].at - time : 0) : 100000000;
        struct timespec timeout = {(time_t)(wait / 1000000000), (long)(wait % 1000000000)};
        int ready = epoll_pwait2(set, events, 256, &timeout, NULL);
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd == listener) {
                for (int client; (client = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    if (share > 0) setsockopt(client, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
                    event = (struct epoll_event){.events = EPOLLIN, .data.fd = client};
                    epoll_ctl(set, EPOLL_CTL_ADD, client, &event);
                }
                continue;
            }
            char buffer[4096];
            uint64_t since;
            ssize_t received = receive(events[index].data.fd, buffer, sizeof buffer, &since);
            if (received <= 0) {
                close(events[index].data.fd);
            } else if (share > 0 && uniform() < share) {
                respond(events[index].data.fd, hit, sizeof hit - 1, &hits, since);
            } else {
                if (++requests == stallAt) stalledUntil = since + 1000000000;
                push((struct due){since + delay(), since, events[index].data.fd});
            }
        }
    }
    char path[4096];
    snprintf(path, sizeof path, "%s.hits", argument[2]);
    if (!save(argument[2], misses) || (share > 0 && !save(path, hits))) return perror(argument[2]), 1;
    return 0;
}
