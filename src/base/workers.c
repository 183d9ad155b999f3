#include "base/workers.h"

#include <sched.h>
#include <unistd.h>

#define MAX_WORKERS 64

/* The processors that the caller may use; all, if there may be more than a cpu_set_t holds. */
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
