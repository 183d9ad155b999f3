/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answers of bounded_run(): the mapping that helpers write them to. */
#include <errno.h>
#include <sys/mman.h>

#include "base/bounded_shared.h"

/* Answers beyond this have no room, however much others make us read. */
#define ROOM_MAX ((size_t)1 << 30)
#define ROOM_LEAST ((size_t)1 << 20)

static size_t choose_room(const struct bounded_job *job)
{
	size_t each = bounded_units(job->limit) * BOUNDED_UNIT;
	size_t room = job->room;

	if (room == 0)
		room = each && job->count > ROOM_MAX / each ? ROOM_MAX : each * job->count;
	return bounded_units(room < ROOM_MAX ? room : ROOM_MAX) * BOUNDED_UNIT;
}

/* Where memory may not be overcommitted, there is less room than asked for. */
static void *map_most(size_t least, size_t *room)
{
	void *mapping;

	for (;; *room /= 2) {
		*room = *room / BOUNDED_UNIT * BOUNDED_UNIT;
		mapping = mmap(NULL, least + *room, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (mapping != MAP_FAILED || *room < ROOM_LEAST)
			return mapping;
	}
}

int bounded_map(const struct bounded_job *job, struct bounded *answers)
{
	size_t slots = sizeof(struct bounded_shared) + job->count * sizeof(struct slot);
	size_t start = bounded_units(slots) * BOUNDED_UNIT;
	size_t room = choose_room(job);
	struct bounded_shared *shared = map_most(start, &room);

	if (shared == MAP_FAILED)
		return -errno;
	shared->unfinished = job->count;
	shared->arena_start = start;
	shared->arena_size = room / BOUNDED_UNIT;
	*answers = (struct bounded){.shared = shared, .count = job->count, .size = start + room};
	return 0;
}

int bounded_status(const struct bounded *answers, size_t item)
{
	if (!answers->shared || answers->shared->slots[item].state != SLOT_DONE)
		return BOUNDED_NO_ANSWER;
	return answers->shared->slots[item].status;
}

const void *bounded_data(const struct bounded *answers, size_t item, size_t *size)
{
	const struct slot *slot;

	*size = 0;
	if (bounded_status(answers, item) == BOUNDED_NO_ANSWER || answers->shared->slots[item].size == 0)
		return NULL;
	slot = &answers->shared->slots[item];
	*size = slot->size;
	return bounded_arena_at(answers->shared, slot->offset);
}

void bounded_free(struct bounded *answers)
{
	if (answers->shared)
		munmap(answers->shared, answers->size);
	*answers = (struct bounded){0};
}
