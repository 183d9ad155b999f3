#include "snapshot/snapshot.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Of all mount points together; a point_offset has 32 bits. */
#define POINTS_MAX ((size_t)64 << 20)

static const char *const kind_names[HOLDER_KIND_COUNT] = {
    [HOLDER_PROCESS] = "process", [HOLDER_THREAD] = "thread",     [HOLDER_FOR_CHILDREN] = "for-children",
    [HOLDER_FILE] = "file",       [HOLDER_SOCKET] = "socket",     [HOLDER_PROC_NET] = "proc-net",
    [HOLDER_RING] = "io_uring",   [HOLDER_DETACHED] = "detached", [HOLDER_MOUNT] = "mount",
    [HOLDER_CHILD] = "child",     [HOLDER_OWNED] = "owned",       [HOLDER_KERNEL] = "kernel",
};

const char *holder_kind_name(enum holder_kind kind)
{
	return kind_names[kind];
}

/* An inode that was freed may come back within one scan as that of another type. */
static uint64_t key_of(enum ns_type type, ino_t ino)
{
	return (uint64_t)type << 32 | (uint32_t)ino;
}

int snapshot_add_ns(struct snapshot *snapshot, enum ns_type type, ino_t ino, uint32_t *index)
{
	struct snapshot_ns *larger;
	uint32_t found = snapshot_find_ns(snapshot, type, ino);

	*index = found;
	if (found != SNAPSHOT_NONE)
		return 0;
	larger =
	    array_reserve(snapshot->namespaces, &snapshot->ns_capacity, snapshot->ns_count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	snapshot->namespaces = larger;
	*index = (uint32_t)snapshot->ns_count;
	if (map_add(&snapshot->ns_by_key, key_of(type, ino), *index) < 0)
		return -ENOMEM;
	larger[snapshot->ns_count++] = (struct snapshot_ns){
	    .type = type,
	    .ino = ino,
	    .first_task = SNAPSHOT_NONE,
	    .first_heir = SNAPSHOT_NONE,
	    .first_holder = SNAPSHOT_NONE,
	};
	return 0;
}

static uint64_t hash_set(const struct snapshot_set *set)
{
	uint64_t hash = (uint64_t)set->sole ^ set->nsproxy;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		hash = (hash ^ set->ns[link]) * 0x100000001B3U;
	return hash;
}

static bool is_same_set(const struct snapshot_set *a, const struct snapshot_set *b)
{
	return memcmp(a->ns, b->ns, sizeof(a->ns)) == 0 && a->sole == b->sole && a->nsproxy == b->nsproxy;
}

/* Finds the set, or adds a copy of it. */
static int put_set(struct snapshot *snapshot, const struct snapshot_set *set, uint32_t *index)
{
	uint64_t hash = hash_set(set);
	struct snapshot_set *larger;

	/* Two sets may have one hash: the second lives at the next. */
	while ((*index = map_find(&snapshot->set_by_hash, hash)) != SNAPSHOT_NONE) {
		if (is_same_set(&snapshot->sets[*index], set))
			return 0;
		hash++;
	}
	larger = array_reserve(snapshot->sets, &snapshot->set_capacity, snapshot->set_count, sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	snapshot->sets = larger;
	*index = (uint32_t)snapshot->set_count;
	if (map_add(&snapshot->set_by_hash, hash, *index) < 0)
		return -ENOMEM;
	larger[snapshot->set_count++] = *set;
	return 0;
}

int snapshot_add_set(struct snapshot *snapshot, const struct set_description *description, uint32_t *set)
{
	struct snapshot_set added = {
	    .first_task = SNAPSHOT_NONE,
	    .sole = description->sole,
	    .nsproxy = description->nsproxy,
	    .refs = description->refs,
	};

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		added.ns[link] = SNAPSHOT_NONE;
		if (description->inodes[link] != 0 &&
		    snapshot_add_ns(snapshot, ns_link_type(link), description->inodes[link],
				    &added.ns[link]) < 0)
			return -ENOMEM;
	}
	return put_set(snapshot, &added, set);
}

int snapshot_append_task(struct snapshot *snapshot, const struct snapshot_task *task)
{
	struct snapshot_task *larger =
	    array_reserve(snapshot->tasks, &snapshot->task_capacity, snapshot->task_count, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	snapshot->tasks = larger;
	larger[snapshot->task_count++] = *task;
	return 0;
}

/* A zombie has no link of its nsproxy at all; the pid namespace itself is not one of these. */
static bool lacks_only_children(const ino_t inodes[NS_LINK_COUNT])
{
	return inodes[NS_LINK_PID] != 0 && inodes[NS_LINK_PID_FOR_CHILDREN] == 0 && inodes[NS_LINK_MNT] != 0;
}

int snapshot_add_task(struct snapshot *snapshot, pid_t pid, pid_t tgid, const ino_t inodes[NS_LINK_COUNT])
{
	struct set_description set = {.sole = lacks_only_children(inodes) ? pid : 0};
	struct snapshot_task task = {.pid = pid, .tgid = tgid, .ppid = -1};
	const size_t size = sizeof(set.inodes);

	/* Tasks with numbers near each other are mostly in one set. */
	if (snapshot->task_count == 0 || memcmp(snapshot->last_inodes, inodes, size) != 0 || set.sole != 0) {
		memcpy(set.inodes, inodes, size);
		memcpy(snapshot->last_inodes, inodes, size);
		if (snapshot_add_set(snapshot, &set, &snapshot->last_set) < 0)
			return -ENOMEM;
	}
	task.set = snapshot->last_set;
	return snapshot_append_task(snapshot, &task);
}

static struct holder_tally *tally_of(struct snapshot_ns *ns, enum holder_kind kind)
{
	return &ns->tallies[kind - HOLDER_FILE];
}

/* Holders come one process, or one mnt namespace, after the other. */
static bool has_room_for(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	struct holder_tally *tally = tally_of(&snapshot->namespaces[holder->ns], holder->kind);
	uint32_t by = holder->kind == HOLDER_MOUNT ? holder->mnt_ns : (uint32_t)holder->pid;

	if (tally->kept == 0 || tally->holder != by)
		tally->of_holder = 0;
	tally->holder = by;
	if (tally->of_holder >= HOLDERS_OF_ONE || tally->kept >= HOLDERS_OF_ALL) {
		tally->more++;
		return false;
	}
	tally->of_holder++;
	tally->kept++;
	return true;
}

void snapshot_add_more(struct snapshot *snapshot, uint32_t ns, enum holder_kind kind, uint64_t count)
{
	tally_of(&snapshot->namespaces[ns], kind)->more += count;
}

uint64_t snapshot_count_more(const struct snapshot_ns *ns, enum holder_kind kind)
{
	if (kind < HOLDER_FILE || kind > HOLDER_MOUNT)
		return 0;
	return ns->tallies[kind - HOLDER_FILE].more;
}

static int append_holder(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	struct snapshot_holder *larger = array_reserve(snapshot->holders, &snapshot->holder_capacity,
						       snapshot->holder_count, sizeof(*larger));
	struct snapshot_ns *ns = &snapshot->namespaces[holder->ns];

	if (!larger)
		return -ENOMEM;
	snapshot->holders = larger;
	larger[snapshot->holder_count] = *holder;
	larger[snapshot->holder_count].next = ns->first_holder;
	ns->first_holder = (uint32_t)snapshot->holder_count++;
	return 0;
}

int snapshot_add_holder(struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	return has_room_for(snapshot, holder) ? append_holder(snapshot, holder) : 0;
}

int snapshot_add_descriptor(struct snapshot *snapshot, enum ns_type type, ino_t ino,
			    const struct snapshot_holder *holder)
{
	struct snapshot_holder added = *holder;
	int ret = snapshot_add_ns(snapshot, type, ino, &added.ns);

	added.mnt_ns = SNAPSHOT_NONE;
	return ret < 0 ? ret : snapshot_add_holder(snapshot, &added);
}

/* Offset 0 is the empty text, of a point that had no room. */
static int add_point(struct snapshot *snapshot, const char *point, struct snapshot_holder *mount)
{
	size_t length = strnlen(point, PATH_MAX - 1);
	size_t used = snapshot->points_length > 0 ? snapshot->points_length : 1;
	char *larger = snapshot->points;

	mount->is_cut = point[length] != '\0';
	mount->point_offset = 0;
	if (used + length + 1 > POINTS_MAX) {
		mount->is_cut = true;
		return 0;
	}
	if (used + length + 1 > snapshot->points_capacity) {
		snapshot->points_capacity = 2 * (used + length + 1);
		larger = realloc(snapshot->points, snapshot->points_capacity);
	}
	if (!larger)
		return -ENOMEM;
	snapshot->points = larger;
	larger[0] = '\0';
	memcpy(larger + used, point, length);
	larger[used + length] = '\0';
	mount->point_offset = (uint32_t)used;
	snapshot->points_length = used + length + 1;
	return 0;
}

int snapshot_add_mount(struct snapshot *snapshot, const struct snapshot_holder *holder, const char *point)
{
	struct snapshot_holder mount = *holder;

	if (!has_room_for(snapshot, holder))
		return 0;
	if (add_point(snapshot, point, &mount) < 0)
		return -ENOMEM;
	mount.is_cut = mount.is_cut || holder->is_cut;
	return append_holder(snapshot, &mount);
}

const char *snapshot_mount_point(const struct snapshot *snapshot, const struct snapshot_holder *holder)
{
	return snapshot->points ? snapshot->points + holder->point_offset : "";
}

static int compare_tasks(const void *left, const void *right)
{
	const struct snapshot_task *a = left;
	const struct snapshot_task *b = right;

	if (a->tgid != b->tgid)
		return a->tgid < b->tgid ? -1 : 1;
	if (snapshot_is_leader(a) != snapshot_is_leader(b))
		return snapshot_is_leader(a) ? -1 : 1;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

static void count_task_in_ns(struct snapshot *snapshot, uint32_t task, uint32_t index)
{
	struct snapshot_ns *ns = &snapshot->namespaces[index];
	bool is_leader = snapshot_is_leader(&snapshot->tasks[task]);

	/* Tasks come by pid: the first leader is that of the lowest, and counts before any thread. */
	if (ns->first_task == SNAPSHOT_NONE || (is_leader && ns->process_count == 0))
		ns->first_task = task;
	ns->process_count += is_leader;
	ns->task_count++;
	ns->kinds |= 1U << (is_leader ? HOLDER_PROCESS : HOLDER_THREAD);
}

static void count_heir(struct snapshot *snapshot, uint32_t task, uint32_t index)
{
	struct snapshot_ns *ns = &snapshot->namespaces[index];

	if (ns->first_heir == SNAPSHOT_NONE)
		ns->first_heir = task;
	ns->kinds |= 1U << HOLDER_FOR_CHILDREN;
}

static void count_task(struct snapshot *snapshot, uint32_t task)
{
	struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];
	bool is_leader = snapshot_is_leader(&snapshot->tasks[task]);

	if (set->first_task == SNAPSHOT_NONE || (is_leader && set->process_count == 0))
		set->first_task = task;
	set->process_count += is_leader;
	set->task_count++;
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = set->ns[link];

		if (ns == SNAPSHOT_NONE)
			continue;
		if (link == ns_type_link(ns_link_type(link)))
			count_task_in_ns(snapshot, task, ns);
		else if (ns != set->ns[ns_type_link(ns_link_type(link))])
			count_heir(snapshot, task, ns);
	}
}

/* Two readings of /proc may both have met a task whose number was handed on. */
static void drop_doubles(struct snapshot *snapshot)
{
	size_t kept = 0;

	for (size_t i = 0; i < snapshot->task_count; i++) {
		if (kept == 0 || compare_tasks(&snapshot->tasks[i], &snapshot->tasks[kept - 1]) != 0)
			snapshot->tasks[kept++] = snapshot->tasks[i];
	}
	snapshot->task_count = kept;
}

/* An iterator tells tasks by number, and so mostly sorted; qsort(3) takes its time all the same. */
static bool is_sorted(const struct snapshot *snapshot)
{
	for (size_t i = 1; i < snapshot->task_count; i++) {
		if (compare_tasks(&snapshot->tasks[i - 1], &snapshot->tasks[i]) > 0)
			return false;
	}
	return true;
}

int snapshot_count_tasks(struct snapshot *snapshot)
{
	if (!is_sorted(snapshot))
		qsort(snapshot->tasks, snapshot->task_count, sizeof(*snapshot->tasks), compare_tasks);
	drop_doubles(snapshot);
	for (size_t i = 0; i < snapshot->task_count; i++) {
		if (map_add(&snapshot->task_by_pid, (uint64_t)snapshot->tasks[i].pid, (uint32_t)i) < 0)
			return -ENOMEM;
		count_task(snapshot, (uint32_t)i);
	}
	return 0;
}

static void mark_related(struct snapshot *snapshot, const struct snapshot_ns *ns)
{
	if (ns->parent.state == RELATION_KNOWN)
		snapshot->namespaces[ns->parent.ns].kinds |= 1U << HOLDER_CHILD;
	/* The owner of a user namespace is its parent: counted as a child. */
	if (ns->owner.state == RELATION_KNOWN && ns->type != NS_USER)
		snapshot->namespaces[ns->owner.ns].kinds |= 1U << HOLDER_OWNED;
}

static int compare_holders(const void *left, const void *right)
{
	const struct snapshot_holder *a = left;
	const struct snapshot_holder *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	if (a->tid != b->tid)
		return a->tid < b->tid ? -1 : 1;
	if (a->fd != b->fd)
		return a->fd < b->fd ? -1 : 1;
	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	if (a->mnt_ns != b->mnt_ns)
		return a->mnt_ns < b->mnt_ns ? -1 : 1;
	return a->mount_id < b->mount_id ? -1 : a->mount_id > b->mount_id;
}

/* They were found in any order; what several threads share, as often. */
static void sort_holders(struct snapshot *snapshot)
{
	size_t kept = 0;

	if (snapshot->holder_count > 0)
		qsort(snapshot->holders, snapshot->holder_count, sizeof(*snapshot->holders), compare_holders);
	for (size_t i = 0; i < snapshot->holder_count; i++) {
		if (kept == 0 || compare_holders(&snapshot->holders[i], &snapshot->holders[kept - 1]) != 0)
			snapshot->holders[kept++] = snapshot->holders[i];
	}
	snapshot->holder_count = kept;
	for (size_t i = 0; i < snapshot->ns_count; i++)
		snapshot->namespaces[i].first_holder = SNAPSHOT_NONE;
	for (size_t i = snapshot->holder_count; i-- > 0;) {
		struct snapshot_ns *ns = &snapshot->namespaces[snapshot->holders[i].ns];

		snapshot->holders[i].next = ns->first_holder;
		ns->first_holder = (uint32_t)i;
	}
}

int snapshot_finish(struct snapshot *snapshot)
{
	sort_holders(snapshot);
	for (size_t i = 0; i < snapshot->holder_count; i++)
		snapshot->namespaces[snapshot->holders[i].ns].kinds |= 1U << snapshot->holders[i].kind;
	for (size_t i = 0; i < snapshot->ns_count; i++)
		mark_related(snapshot, &snapshot->namespaces[i]);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (ns->kinds == 0 && ns->is_listed)
			ns->kinds = 1U << HOLDER_KERNEL;
		if (ns->id != 0 && map_add(&snapshot->ns_by_id, ns->id, (uint32_t)i) < 0)
			return -ENOMEM;
	}
	return 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	free(snapshot->namespaces);
	free(snapshot->sets);
	free(snapshot->tasks);
	free(snapshot->holders);
	free(snapshot->points);
	free(snapshot->unanswered);
	map_free(&snapshot->ns_by_key);
	map_free(&snapshot->ns_by_id);
	map_free(&snapshot->set_by_hash);
	map_free(&snapshot->task_by_pid);
	*snapshot = (struct snapshot){0};
}

uint32_t snapshot_find_ns(const struct snapshot *snapshot, enum ns_type type, ino_t ino)
{
	return map_find(&snapshot->ns_by_key, key_of(type, ino));
}

uint32_t snapshot_find_inode(const struct snapshot *snapshot, ns_type_set types, ino_t ino)
{
	uint32_t found = SNAPSHOT_NONE;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && found == SNAPSHOT_NONE; type++) {
		if (types & 1U << type)
			found = snapshot_find_ns(snapshot, type, ino);
	}
	return found;
}

uint32_t snapshot_find_id(const struct snapshot *snapshot, uint64_t id)
{
	return id == 0 ? SNAPSHOT_NONE : map_find(&snapshot->ns_by_id, id);
}

uint32_t snapshot_find_task(const struct snapshot *snapshot, pid_t pid)
{
	return map_find(&snapshot->task_by_pid, (uint64_t)pid);
}

bool snapshot_has_same_ns(const struct snapshot *snapshot, uint32_t one, uint32_t other)
{
	const struct snapshot_set *a = &snapshot->sets[one];
	const struct snapshot_set *b = &snapshot->sets[other];

	return memcmp(a->ns, b->ns, sizeof(a->ns)) == 0 && a->sole == b->sole;
}

bool snapshot_task_is_in(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	const struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];

	return set->ns[ns_type_link(snapshot->namespaces[ns].type)] == ns;
}

enum ns_link snapshot_task_link(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	enum ns_type type = snapshot->namespaces[ns].type;

	if (snapshot_task_is_in(snapshot, task, ns) || (type != NS_PID && type != NS_TIME))
		return ns_type_link(type);
	return type == NS_PID ? NS_LINK_PID_FOR_CHILDREN : NS_LINK_TIME_FOR_CHILDREN;
}

bool snapshot_task_is_heir(const struct snapshot *snapshot, uint32_t task, uint32_t ns)
{
	const struct snapshot_set *set = &snapshot->sets[snapshot->tasks[task].set];

	return !snapshot_task_is_in(snapshot, task, ns) &&
	       set->ns[snapshot_task_link(snapshot, task, ns)] == ns;
}
