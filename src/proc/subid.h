/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ids that a user may map besides his own: subuid(5) and subgid(5), read as
 * data, without NSS.  newuidmap(1) has the last word: it may have other sources, the
 * line "subid:" of nsswitch.conf(5).
 */
#ifndef NSCTL_PROC_SUBID_H
#define NSCTL_PROC_SUBID_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "proc/id_kind.h"
#include "proc/passwd.h"

/* A line "OWNER:START:COUNT" grants COUNT ids from START on. */
struct subid_range {
	uint32_t start;
	uint32_t count; /* not 0; the last id is at most 2^32 - 2 */
};

/* The lines of one file as one user sees them. */
struct subids {
	char *text; /* freed by subids_free(); "" if there is no file */
	uid_t uid;
	char name[sizeof(((struct user *)0)->name)]; /* "" if /etc/passwd has none */
	enum id_kind kind;
};

/* Loads the file of the kind for a user.  Returns 0 or a negative errno. */
int subids_load(enum id_kind kind, uid_t uid, struct subids *subids, struct error *err);
void subids_free(struct subids *subids);
#define AUTO_SUBIDS __attribute__((cleanup(subids_free)))

/*
 * Stores the next range of the user, by name or by uid, and moves *text behind its
 * line; start with subids->text.  Passes over lines that are not as subuid(5) has them.
 * Returns false at the end.
 */
bool subids_next(const struct subids *subids, const char **text, struct subid_range *range);

/* Stores the first range of the user, the one that unshare(1) takes.  0, or -ENOENT with a hint. */
int subids_first(const struct subids *subids, struct subid_range *range, struct error *err);

/* Whether the ranges of the user cover all of these ids, as newuidmap(1) asks. */
bool subids_cover(const struct subids *subids, uint32_t start, uint32_t count);

/* Longer than any line that subids_suggest() makes. */
#define SUBIDS_LINE_SIZE 96

/*
 * Makes a line for the file that would grant the user count ids: from start on, or
 * with start 0 where no line of another user grants any.
 */
void subids_suggest(const struct subids *subids, uint32_t start, uint32_t count, char line[SUBIDS_LINE_SIZE]);

/*
 * Returns the path of newuidmap(1) or newgidmap(1), in one of a few directories that
 * only root writes to; constant; NULL if it is not installed.
 */
const char *subids_find_program(enum id_kind kind);

/*
 * Checks that this program is there and gets the privilege that it needs: it is
 * set-user-ID or has file capabilities, and no_new_privs is not set (prctl(2)).
 * Returns 0, -ENOENT or -EPERM.
 */
int subids_check_program(enum id_kind kind, struct error *err);

/*
 * Stores the sources of nsswitch.conf(5) if "subid:" names others than files, such as
 * "sss": only newuidmap(1) reads them.  Returns false if it names none.
 */
bool subids_find_other_source(char *sources, size_t size);

/* The parser of the above: text is the whole of an nsswitch.conf(5) file. */
bool subids_parse_sources(const char *text, char *sources, size_t size);

#endif
