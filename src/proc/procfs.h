/* The file system at /proc itself; see proc(5). */
#ifndef NSCTL_PROC_PROCFS_H
#define NSCTL_PROC_PROCFS_H

/*
 * Whether /proc is of the caller's own pid namespace, so that its numbers mean
 * the caller's processes: 0; -EXDEV where it is of one above; -ENOENT where
 * none that shows the caller is mounted; or another negative errno.
 */
int procfs_check_own(void);

#endif
