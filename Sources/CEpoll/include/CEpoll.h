// What the load engine needs of Linux and Swift's Glibc module lacks: epoll, and the CPU time of one thread.
#pragma once
#include <sys/epoll.h>
#include <sys/resource.h>

/// Resource usage of the calling thread; RUSAGE_THREAD is hidden behind _GNU_SOURCE.
int thread_resource_usage(struct rusage *usage);
