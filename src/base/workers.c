#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#define MAX_WORKERS 64

/* Without a size of its own a thread's stack is RLIMIT_STACK, which may be tiny or unlimited;
 * pthread_create(3). */
#define STACK_SIZE ((size_t)256 << 10)

/* That the caller may use; where there may be more than a cpu_set_t holds, all. */
static size_t count_processors(void)
{
	cpu_set_t processors;
	long count;

	if (sched_getaffinity(0, sizeof(processors), &processors) == 0)
		return (size_t)CPU_COUNT(&processors);
	count = sysconf(_SC_NPROCESSORS_ONLN);
	return count > 0 ? (size_t)count : 1;
}

size_t workers_choose(size_t items, size_t items_per_worker)
{
	size_t most = items / items_per_worker;
	size_t others = most == 0 ? 0 : count_processors() - 1;

	if (others > most)
		others = most;
	return others < MAX_WORKERS ? others : MAX_WORKERS;
}

void workers_run(size_t threads, void *(*run)(void *), void *context)
{
	pthread_t started[MAX_WORKERS];
	pthread_attr_t attributes;
	size_t count = 0;

	if (threads > 0 && pthread_attr_init(&attributes) == 0) {
		pthread_attr_setstacksize(&attributes, STACK_SIZE);
		while (count < threads && count < MAX_WORKERS &&
		       pthread_create(&started[count], &attributes, run, context) == 0)
			count++;
		pthread_attr_destroy(&attributes);
	}
	run(context);
	for (size_t i = 0; i < count; i++)
		pthread_join(started[i], NULL);
}
