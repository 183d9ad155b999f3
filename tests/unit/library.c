/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libnsctl, linked with the C library and its own two: it finds the caller's own namespaces and changes
 * nothing of the process. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "query/describe.h"
#include "target/target.h"

static int number;

static bool report(bool is_ok, const char *what)
{
	printf("%sok %d - %s\n", is_ok ? "" : "not ", ++number, what);
	return is_ok;
}

/* The state of the calling process that a library must not change. */
struct surroundings {
	char **environment;
	char *first;
	struct rlimit memlock;
	char locale[64];
};

extern char **environ;

static struct surroundings look_around(void)
{
	struct surroundings seen = {.environment = environ, .first = environ[0]};

	getrlimit(RLIMIT_MEMLOCK, &seen.memlock);
	snprintf(seen.locale, sizeof(seen.locale), "%s", setlocale(LC_ALL, NULL));
	return seen;
}

static bool is_unchanged(const struct surroundings *before)
{
	struct surroundings now = look_around();

	return now.environment == before->environment && now.first == before->first &&
	       memcmp(&now.memlock, &before->memlock, sizeof(now.memlock)) == 0 &&
	       strcmp(now.locale, before->locale) == 0;
}

static bool finds_own_namespaces(enum engine engine)
{
	struct scan_request request = {.types = NS_TYPE_SET_ALL, .engine = engine};
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_FOUND struct found_target found = {0};
	struct process_links own;
	struct target self;
	struct error err;

	process_read_own_links(&own);
	if (target_parse("self", &self, &err) < 0 ||
	    target_scan(&self, 1, &request, &snapshot, &found, &err) < 0) {
		printf("# %s\n", err.message);
		return false;
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		enum ns_link link = ns_type_link(type);
		uint32_t ns = snapshot.sets[snapshot.tasks[found.task].set].ns[link];

		if (own.ino[link] != 0 &&
		    (ns == SNAPSHOT_NONE || snapshot.namespaces[ns].ino != own.ino[link]))
			return false;
	}
	return found.is_process;
}

static bool describes_own_uts(void)
{
	AUTO_TARGET struct opened_target opened = TARGET_CLOSED;
	struct ns_description description;
	struct process_links own;
	char text[64];
	struct error err;

	process_read_own_links(&own);
	snprintf(text, sizeof(text), "uts:[%ju]", (uintmax_t)own.ino[NS_LINK_UTS]);
	if (target_open_text(text, ENGINE_AUTO, &opened, &err) < 0) {
		printf("# %s\n", err.message);
		return false;
	}
	describe_ns(&opened.ns[0], ENGINE_AUTO, &description);
	return description.facts.has_caller && description.facts.ino == own.ino[NS_LINK_UTS];
}

int main(void)
{
	struct surroundings before = look_around();
	bool is_ok = true;

	puts("1..4");
	is_ok &= report(finds_own_namespaces(ENGINE_PROCFS), "own namespaces, from procfs");
	is_ok &= report(finds_own_namespaces(ENGINE_AUTO), "own namespaces, by whichever engine");
	is_ok &= report(describes_own_uts(), "a namespace by its inode");
	is_ok &= report(is_unchanged(&before), "environment, limits and locale stay");
	return is_ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
