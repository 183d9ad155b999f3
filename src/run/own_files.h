/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that nsctl itself has open, and a program must not find. */
#ifndef NSCTL_RUN_OWN_FILES_H
#define NSCTL_RUN_OWN_FILES_H

/*
 * execve(2) closes what is marked close-on-exec, but only after it has opened the
 * program and its interpreter.  A program that is a script with the first line
 * "#!/proc/self/fd/4/../1/exe" gets a file of the caller's that way
 * (CVE-2024-21626).  So nothing may be open that leads to files.
 */

/*
 * The highest number of an open descriptor of this process, with room for those
 * that are opened later; or a negative errno.  Reads /proc/self/fd.
 */
int own_files_find_last(void);

/*
 * Closes what execve(2) would close from first to last, but for pipes and sockets,
 * which lead nowhere.  Returns 0 or a negative errno.
 */
int own_files_close(int first, int last);

#endif
