#include "base/workers.h"

#include <pthread.h>
#include <sched.h>

#define MAX_WORKERS 64

size_t workers_choose(size_t items, size_t items_per_worker)
{
	cpu_set_t processors;
	size_t most = items / items_per_worker;
	size_t count;

	if (most == 0 || sched_getaffinity(0, sizeof(processors), &processors) < 0)
		return 0;
	count = (size_t)CPU_COUNT(&processors) - 1;
	if (count > most)
		count = most;
	return count < MAX_WORKERS ? count : MAX_WORKERS;
}

void workers_run(size_t threads, void *(*run)(void *), void *context)
{
	pthread_t started[MAX_WORKERS];
	size_t count = 0;

	while (count < threads && count < MAX_WORKERS &&
	       pthread_create(&started[count], NULL, run, context) == 0)
		count++;
	run(context);
	for (size_t i = 0; i < count; i++)
		pthread_join(started[i], NULL);
}
