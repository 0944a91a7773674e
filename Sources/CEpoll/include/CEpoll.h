// What the load engine needs of Linux and Swift's Glibc module lacks: epoll, timers as files, and what concerns one
// thread alone.
#pragma once
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>

/// Resource usage of the calling thread; RUSAGE_THREAD is hidden behind _GNU_SOURCE.
int thread_resource_usage(struct rusage *usage);

/// Lets the calling thread's timers expire when they are due; by default the kernel may put them off by 50 µs.
int thread_sharpen_timers(void);
