// epoll and its companions are not in Swift's Glibc module; this brings them.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
