// Linux interfaces that the load engine needs and Swift's Glibc module lacks: epoll, eventfd, timerfd, receive timestamps and
// per-thread settings.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/timerfd.h>

/// Gets the resource usage of the calling thread. RUSAGE_THREAD needs _GNU_SOURCE. Returns 0, or -1 and sets errno.
int thread_resource_usage(struct rusage *usage);

/// Makes the calling thread's timers expire when they are due; by default the kernel may delay them by 50 µs.
/// Returns 0, or -1 and sets errno.
int thread_sharpen_timers(void);

/// Enables kernel timestamps for bytes that the socket receives. Returns 0, or -1 and sets errno.
int socket_timestamp_received(int socket);

/// Receives bytes like recv(), and sets *time to when the last of them reached the socket: nanoseconds of
/// CLOCK_REALTIME, or 0 if the kernel gives no timestamp.
long socket_receive_timestamped(int socket, void *buffer, size_t capacity, uint64_t *time);
