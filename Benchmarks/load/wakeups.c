// The best that the machine allows: how late a thread wakes up that only sleeps until the next arrival is due.
//
//   cc -O2 -o wakeups wakeups.c
//   ./wakeups RATE SECONDS
//
// Prints the 50th, 99th and 99.9th percentile of its lateness in microseconds.
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

enum { second = 1000000000 };

static int ascending(const void *one, const void *other) {
    long a = *(const long *)one, b = *(const long *)other;
    return a < b ? -1 : a > b;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: %s RATE SECONDS\n", arguments[0]);
        return 1;
    }
    long rate = atol(arguments[1]), arrivals = rate * atol(arguments[2]);
    long *late = calloc(arrivals, sizeof *late);
    if (!late || arrivals < 1000) return 1;
    // As in the engine's threads: a sleep ends when it is due, not up to 50 us later.
    prctl(PR_SET_TIMERSLACK, 1);
    struct timespec due, now;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (long index = 0; index < arrivals; index++) {
        due.tv_nsec += second / rate;
        if (due.tv_nsec >= second) {
            due.tv_nsec -= second;
            due.tv_sec++;
        }
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
        late[index] = (now.tv_sec - due.tv_sec) * second + now.tv_nsec - due.tv_nsec;
    }
    qsort(late, arrivals, sizeof *late, ascending);
    printf("%.1f %.1f %.1f\n", late[arrivals / 2] / 1e3, late[arrivals / 100 * 99] / 1e3,
           late[arrivals / 1000 * 999] / 1e3);
    return 0;
}
