#define _GNU_SOURCE
#include "CEpoll.h"

int thread_resource_usage(struct rusage *usage) {
    return getrusage(RUSAGE_THREAD, usage);
}
