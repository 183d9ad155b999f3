/* SPDX-License-Identifier: GPL-2.0-or-later */
/* snapshot: what is added is found again, and counts add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <string.h>

#include "query/rows.h"
#include "query/sets.h"
#include "snapshot/build.h"

enum { FIRST = 1000, OTHER = 2000 };

/* The inodes of a task: 1000 and on, but for one link. */
static void links_of(ino_t inodes[NS_LINK_COUNT], enum ns_link link, ino_t ino)
{
	for (enum ns_link i = 0; i < NS_LINK_COUNT; i++)
		inodes[i] = (ino_t)FIRST + ns_link_type(i);
	inodes[link] = ino;
}

static void add(struct snapshot *snapshot, pid_t pid, pid_t tgid, enum ns_link link, ino_t ino)
{
	struct snapshot_task task = {.pid = pid, .tgid = tgid, .ppid = -1};
	struct sink_set set = {.nsproxy = 0};

	links_of(set.inodes, link, ino);
	set.awaiting_pid = set.inodes[NS_LINK_PID_FOR_CHILDREN] == 0 ? pid : 0;
	assert_int_equal(snapshot_add_set(snapshot, &set, &task.set), 0);
	assert_int_equal(snapshot_add_task(snapshot, &task), 0);
}

static const struct snapshot_ns *ns_of(const struct snapshot *snapshot, ino_t ino)
{
	uint32_t index = snapshot_find_inode(snapshot, NS_TYPE_SET_ALL, ino);

	assert_int_not_equal(index, SNAPSHOT_NONE);
	return &snapshot->namespaces[index];
}

static void tasks_are_sorted_and_counted(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};

	(void)state;
	/* A thread with a lower number than its leader: numbers have wrapped. */
	add(&snapshot, 30, 40, NS_LINK_NET, FIRST + NS_NET);
	add(&snapshot, 40, 40, NS_LINK_NET, FIRST + NS_NET);
	add(&snapshot, 41, 40, NS_LINK_NET, OTHER);
	add(&snapshot, 7, 7, NS_LINK_UTS, OTHER + 1);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot.task_count, 4);
	assert_int_equal(snapshot.tasks[0].pid, 7);
	assert_int_equal(snapshot.tasks[1].pid, 40);
	assert_int_equal(snapshot.set_count, 3);
	assert_int_equal(ns_of(&snapshot, FIRST + NS_IPC)->process_count, 2);
	assert_int_equal(ns_of(&snapshot, FIRST + NS_IPC)->task_count, 4);
	assert_int_equal(ns_of(&snapshot, FIRST + NS_NET)->process_count, 2);
	assert_int_equal(ns_of(&snapshot, FIRST + NS_NET)->task_count, 3);
	assert_int_equal(ns_of(&snapshot, OTHER)->process_count, 0);
	assert_int_equal(ns_of(&snapshot, OTHER)->task_count, 1);
	assert_int_equal(snapshot.tasks[ns_of(&snapshot, OTHER)->first_task].pid, 41);
	assert_int_equal(snapshot.tasks[ns_of(&snapshot, FIRST + NS_USER)->first_task].pid, 7);
	assert_int_equal(snapshot_find_task(&snapshot, 30), 2);
	assert_int_equal(snapshot_find_task(&snapshot, 31), SNAPSHOT_NONE);
}

static void a_task_that_was_met_twice_counts_once(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};

	(void)state;
	add(&snapshot, 5, 5, NS_LINK_NET, OTHER);
	add(&snapshot, 5, 5, NS_LINK_NET, OTHER);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot.task_count, 1);
	assert_int_equal(ns_of(&snapshot, OTHER)->process_count, 1);
}

static void tasks_that_wait_for_children_are_not_members(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	uint32_t ns;

	(void)state;
	add(&snapshot, 5, 5, NS_LINK_PID_FOR_CHILDREN, OTHER);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	ns = snapshot_find_inode(&snapshot, NS_TYPE_SET_ALL, OTHER);
	assert_int_equal(snapshot.namespaces[ns].type, NS_PID);
	assert_int_equal(snapshot.namespaces[ns].task_count, 0);
	assert_int_equal(snapshot.namespaces[ns].first_for_children, 0);
	assert_int_equal(snapshot.namespaces[ns].kinds, 1U << HOLDER_FOR_CHILDREN);
	assert_false(snapshot_task_is_in(&snapshot, 0, ns));
	assert_true(snapshot_task_has_for_children(&snapshot, 0, ns));
	assert_int_equal(snapshot_task_link(&snapshot, 0, ns), NS_LINK_PID_FOR_CHILDREN);
}

static void tasks_that_expect_a_pid_namespace_are_sets_of_their_own(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};

	(void)state;
	add(&snapshot, 5, 5, NS_LINK_PID_FOR_CHILDREN, 0);
	add(&snapshot, 6, 6, NS_LINK_PID_FOR_CHILDREN, 0);
	add(&snapshot, 7, 7, NS_LINK_NET, FIRST + NS_NET);
	add(&snapshot, 8, 8, NS_LINK_NET, FIRST + NS_NET);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot.set_count, 3);
}

static void holders_come_by_kind_and_number(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct snapshot_holder holder = {.kind = HOLDER_MOUNT, .mnt_ns = SNAPSHOT_NONE};
	static const int order[] = {3, 9, 4};
	const struct snapshot_ns *ns;
	size_t i = 0;

	(void)state;
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, OTHER, &holder.ns), 0);
	assert_int_equal(snapshot_add_mount(&snapshot, &holder, "/run/netns/blue"), 0);
	holder.kind = HOLDER_FILE;
	holder.pid = 8;
	holder.fd = 4;
	assert_int_equal(snapshot_add_holder(&snapshot, &holder), 0);
	holder.pid = 7;
	holder.fd = 9;
	assert_int_equal(snapshot_add_holder(&snapshot, &holder), 0);
	holder.fd = 3;
	assert_int_equal(snapshot_add_holder(&snapshot, &holder), 0);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	ns = ns_of(&snapshot, OTHER);
	assert_int_equal(ns->kinds, 1U << HOLDER_FILE | 1U << HOLDER_MOUNT);
	for (uint32_t at = ns->first_holder; at != SNAPSHOT_NONE; at = snapshot.holders[at].next, i++) {
		if (i < 3)
			assert_int_equal(snapshot.holders[at].fd, order[i]);
		else
			assert_string_equal(snapshot_mount_point(&snapshot, &snapshot.holders[at]),
					    "/run/netns/blue");
	}
	assert_int_equal(i, 4);
}

/* Each of so many processes holds it by so many files. */
static void hold(struct snapshot *snapshot, uint32_t ns, int processes, int files)
{
	struct snapshot_holder holder = {.kind = HOLDER_FILE, .ns = ns, .mnt_ns = SNAPSHOT_NONE};

	for (holder.pid = 1; holder.pid <= processes; holder.pid++) {
		for (holder.fd = 0; holder.fd < files; holder.fd++)
			assert_int_equal(snapshot_add_holder(snapshot, &holder), 0);
	}
}

static void of_many_holders_some_are_kept(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	uint32_t few;
	uint32_t many;

	(void)state;
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, OTHER, &few), 0);
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, OTHER + 1, &many), 0);
	hold(&snapshot, few, 3, HOLDERS_OF_ONE + 5);
	assert_int_equal(snapshot.holder_count, 3 * HOLDERS_OF_ONE);
	hold(&snapshot, many, HOLDERS_OF_ALL + 7, 1);
	assert_int_equal(snapshot.holder_count, 3 * HOLDERS_OF_ONE + HOLDERS_OF_ALL);
	snapshot_add_more(&snapshot, many, HOLDER_FILE, 1ULL << 40);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot_count_more(&snapshot.namespaces[few], HOLDER_FILE), 15);
	assert_int_equal(snapshot_count_more(&snapshot.namespaces[many], HOLDER_FILE), 7 + (1ULL << 40));
	assert_int_equal(snapshot_count_more(&snapshot.namespaces[few], HOLDER_SOCKET), 0);
	assert_int_equal(snapshot_count_more(&snapshot.namespaces[few], HOLDER_PROCESS), 0);
}

static void long_mount_points_are_cut(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct snapshot_holder mount = {.kind = HOLDER_MOUNT};
	static char point[3 * PATH_MAX];
	const struct snapshot_holder *kept;

	(void)state;
	memset(point, 'd', sizeof(point) - 1);
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, OTHER, &mount.ns), 0);
	assert_int_equal(snapshot_add_mount(&snapshot, &mount, point), 0);
	assert_int_equal(snapshot_add_mount(&snapshot, &mount, point + 2 * PATH_MAX), 0);
	kept = snapshot.holders;
	assert_int_equal(strlen(snapshot_mount_point(&snapshot, &kept[0])), PATH_MAX - 1);
	assert_true(kept[0].is_cut);
	assert_string_equal(snapshot_mount_point(&snapshot, &kept[1]), point + 2 * PATH_MAX);
	assert_false(kept[1].is_cut);
}

static void relations_make_holders(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	uint32_t owner;
	uint32_t owned;
	uint32_t child;

	(void)state;
	assert_int_equal(snapshot_add_ns(&snapshot, NS_USER, 1, &owner), 0);
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, 2, &owned), 0);
	assert_int_equal(snapshot_add_ns(&snapshot, NS_USER, 3, &child), 0);
	snapshot.namespaces[owned].owner = (struct snapshot_relation){RELATION_KNOWN, owner};
	snapshot.namespaces[child].owner = (struct snapshot_relation){RELATION_KNOWN, owner};
	snapshot.namespaces[child].parent = (struct snapshot_relation){RELATION_KNOWN, owner};
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot.namespaces[owner].kinds, 1U << HOLDER_CHILD | 1U << HOLDER_OWNED);
	assert_int_equal(snapshot.namespaces[owned].kinds, 0);
}

static void a_tree_of_owners_has_these_first(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	struct rows_request request = {.tree = TREE_OWNER};
	uint32_t owned;
	uint32_t owner;

	(void)state;
	assert_int_equal(snapshot_add_ns(&snapshot, NS_NET, 10, &owned), 0);
	assert_int_equal(snapshot_add_ns(&snapshot, NS_USER, 20, &owner), 0);
	snapshot.namespaces[owned].owner = (struct snapshot_relation){RELATION_KNOWN, owner};
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(rows_of_namespaces(&snapshot, &request, &rows), 0);
	assert_int_equal(rows.count, 2);
	assert_int_equal(rows.rows[0].ns, owner);
	assert_int_equal(rows.rows[0].parent, ROW_NONE);
	assert_int_equal(rows.rows[1].ns, owned);
	assert_int_equal(rows.rows[1].parent, 0);
	rows_free(&rows);
	request.tree = TREE_NONE;
	assert_int_equal(rows_of_namespaces(&snapshot, &request, &rows), 0);
	assert_int_equal(rows.rows[0].ns, owned);
}

static void many(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	size_t processes = 0;

	(void)state;
	for (pid_t pid = 1; pid <= 20000; pid++)
		add(&snapshot, pid, pid, NS_LINK_NET, (ino_t)OTHER + (ino_t)pid % 500);
	assert_int_equal(snapshot_count_tasks(&snapshot), 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
	assert_int_equal(snapshot.set_count, 500);
	for (size_t i = 0; i < snapshot.set_count; i++)
		processes += snapshot.sets[i].process_count;
	assert_int_equal(processes, 20000);
	assert_int_equal(ns_of(&snapshot, OTHER + 7)->process_count, 40);
	assert_int_equal(snapshot_find_inode(&snapshot, NS_TYPE_SET_ALL, 1), SNAPSHOT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tasks_are_sorted_and_counted),
	    cmocka_unit_test(a_task_that_was_met_twice_counts_once),
	    cmocka_unit_test(tasks_that_wait_for_children_are_not_members),
	    cmocka_unit_test(tasks_that_expect_a_pid_namespace_are_sets_of_their_own),
	    cmocka_unit_test(holders_come_by_kind_and_number),
	    cmocka_unit_test(of_many_holders_some_are_kept),
	    cmocka_unit_test(long_mount_points_are_cut),
	    cmocka_unit_test(relations_make_holders),
	    cmocka_unit_test(a_tree_of_owners_has_these_first),
	    cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
