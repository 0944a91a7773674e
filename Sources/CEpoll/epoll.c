#define _GNU_SOURCE
#include "CEpoll.h"
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

int thread_resource_usage(struct rusage *usage) {
    return getrusage(RUSAGE_THREAD, usage);
}

int thread_sharpen_timers(void) {
    return prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

int socket_timestamp_received(int socket) {
    int flags = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
    return setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof flags);
}

long socket_receive_timestamped(int socket, void *buffer, size_t capacity, uint64_t *time) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(struct scm_timestamping)) + 64];
    } control;
    struct iovec bytes = {buffer, capacity};
    struct msghdr message = {
        .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t received = recvmsg(socket, &message, 0);
    *time = 0;
    if (received <= 0) return received;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_TIMESTAMPING) continue;
        struct scm_timestamping stamps;
        memcpy(&stamps, CMSG_DATA(part), sizeof stamps);
        *time = (uint64_t)stamps.ts[0].tv_sec * 1000000000 + (uint64_t)stamps.ts[0].tv_nsec;
    }
    return received;
}
