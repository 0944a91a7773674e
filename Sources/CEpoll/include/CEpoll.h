// What the load engine needs of Linux and Swift's Glibc module lacks: epoll, timers as files, receive timestamps, and what
// concerns one thread alone.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>

/// Resource usage of the calling thread; RUSAGE_THREAD is hidden behind _GNU_SOURCE.
int thread_resource_usage(struct rusage *usage);

/// Lets the calling thread's timers expire when they are due; by default the kernel may put them off by 50 µs.
int thread_sharpen_timers(void);

/// Asks the kernel to note when bytes reach the socket. Returns 0, or -1 and sets errno.
int socket_timestamp_received(int socket);

/// Receives bytes as recv() does, and tells when the last of them reached the socket: nanoseconds of CLOCK_REALTIME, or 0 if
/// the kernel does not say.
long socket_receive_timestamped(int socket, void *buffer, size_t capacity, uint64_t *time);
