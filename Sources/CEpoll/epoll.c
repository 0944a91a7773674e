#define _GNU_SOURCE
#include "CEpoll.h"
#include <sys/prctl.h>

int thread_resource_usage(struct rusage *usage) {
    return getrusage(RUSAGE_THREAD, usage);
}

int thread_sharpen_timers(void) {
    return prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}
