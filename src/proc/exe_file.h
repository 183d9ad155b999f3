/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that /proc/PID/exe leads to: that of nsctl must not be found inside (CVE-2019-5736). */
#ifndef NSCTL_PROC_EXE_FILE_H
#define NSCTL_PROC_EXE_FILE_H

#include <stdbool.h>
#include <sys/prctl.h>

#include "base/error.h"

/*
 * A program inside may be a script with the first line "#!/proc/self/exe".
 * execve(2) then executes the file of the process that calls it, inside.  Whoever
 * may look at that process opens the file through /proc/PID/exe, and may write to
 * it once nobody executes it: a file of the caller's, which the mount that it is
 * on does not protect.
 *
 * Therefore this process gives up its file for another one, by prctl(2) with
 * PR_SET_MM: a sealed memfd, which nobody can write to, and execve(2) refuses.
 * The kernel allows that as long as no part of the former file is mapped.  So the
 * data move to anonymous memory.  The code is unmapped for that moment, and
 * afterwards mapped at its place again: what is merely mapped cannot be opened
 * without CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE in the initial user namespace
 * (/proc/PID/map_files in proc(5)), nor once another program was executed.
 *
 * Executing nsctl again from a copy that cannot be written to would start it twice.  A
 * small program that executes the one inside would not protect processes that remain
 * nsctl's; and seccomp filters, labels for the next execve(2) and the limit of its
 * arguments would notice it.
 */
struct exe_file {
	bool wanted;
	bool is_optional;  /* where it cannot be replaced, it stays */
	bool is_early;     /* the caller may replace it before anything is entered */
	bool has_memory;   /* memory is needed, and set */
	int own_fd;        /* the file of nsctl */
	int substitute_fd; /* the file in its place */
	struct prctl_mm_map memory;
};

#define EXE_FILE_NONE ((struct exe_file){.own_fd = -1, .substitute_fd = -1})

/*
 * Opens and reads what exe_file_replace() needs.  It is not wanted where the file
 * is root's and no other user may write to it, and the caller is not root: nobody
 * in a user namespace of his is root outside.  is_optional: where no mnt namespace
 * changes, CAP_SYS_CHROOT alone permits another root, without a /proc, and programs rely on
 * that; the file stays then.  Released by exe_file_free(), also after an error.
 * Returns 0 or a negative errno.
 */
int exe_file_prepare(struct exe_file *exe_file, bool is_optional, struct error *err);
void exe_file_free(struct exe_file *exe_file);

/*
 * Replaces the file, if this is the moment for it.  To be called twice: before and,
 * with is_inside, after namespaces are entered or created.  The caller needs
 * CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE in its user namespace: plain users get
 * it with a user namespace that they enter.  A kernel without
 * CONFIG_CHECKPOINT_RESTORE requires CAP_SYS_RESOURCE in the initial one (prctl(2),
 * PR_SET_MM_EXE_FILE, Linux 3.10; PR_SET_MM_MAP, Linux 3.18).
 *
 * This process must be the only one with its memory.  Returns 0 or a negative errno.
 */
int exe_file_replace(const struct exe_file *exe_file, bool is_inside, struct error *err);

#endif
