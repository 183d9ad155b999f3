/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields of the kernel's structures that the BPF programs read. */
#ifndef NSCTL_BPF_FIELDS_H
#define NSCTL_BPF_FIELDS_H

/*
 * Where a field lies differs from kernel to kernel.  The programs are compiled
 * with a mark in its place, and btf_read() finds the offset that takes the
 * place of the mark before a program is loaded: what CO-RE does, but in one pass
 * over the kernel's types for all of these fields.
 *
 * FIELD(name, structure, path): a path leads through embedded structures.
 * OPTIONAL: a kernel may lack the field; it reads as 0 there.
 */
#define KERNEL_FIELDS(FIELD, OPTIONAL)                                                                       \
	FIELD(TASK_PID, "task_struct", "pid")                                                                \
	FIELD(TASK_TGID, "task_struct", "tgid")                                                              \
	FIELD(TASK_FLAGS, "task_struct", "flags")                                                            \
	FIELD(TASK_START, "task_struct", "start_boottime")                                                   \
	FIELD(TASK_PARENT, "task_struct", "real_parent")                                                     \
	FIELD(TASK_LEADER, "task_struct", "group_leader")                                                    \
	FIELD(TASK_THREAD_PID, "task_struct", "thread_pid")                                                  \
	FIELD(TASK_CRED, "task_struct", "real_cred")                                                         \
	FIELD(TASK_FILES, "task_struct", "files")                                                            \
	FIELD(TASK_NSPROXY, "task_struct", "nsproxy")                                                        \
	FIELD(CRED_USER_NS, "cred", "user_ns")                                                               \
	FIELD(PID_LEVEL, "pid", "level")                                                                     \
	FIELD(PID_NUMBERS, "pid", "numbers")                                                                 \
	FIELD(NSPROXY_COUNT, "nsproxy", "count")                                                             \
	FIELD(NSPROXY_CGROUP, "nsproxy", "cgroup_ns")                                                        \
	FIELD(NSPROXY_IPC, "nsproxy", "ipc_ns")                                                              \
	FIELD(NSPROXY_MNT, "nsproxy", "mnt_ns")                                                              \
	FIELD(NSPROXY_NET, "nsproxy", "net_ns")                                                              \
	FIELD(NSPROXY_PID_FOR_CHILDREN, "nsproxy", "pid_ns_for_children")                                    \
	FIELD(NSPROXY_TIME, "nsproxy", "time_ns")                                                            \
	FIELD(NSPROXY_TIME_FOR_CHILDREN, "nsproxy", "time_ns_for_children")                                  \
	FIELD(NSPROXY_UTS, "nsproxy", "uts_ns")                                                              \
	FIELD(CGROUP_INUM, "cgroup_namespace", "ns.inum")                                                    \
	FIELD(CGROUP_USER_NS, "cgroup_namespace", "user_ns")                                                 \
	OPTIONAL(CGROUP_ID, "cgroup_namespace", "ns.ns_id")                                                  \
	FIELD(IPC_INUM, "ipc_namespace", "ns.inum")                                                          \
	FIELD(IPC_USER_NS, "ipc_namespace", "user_ns")                                                       \
	OPTIONAL(IPC_ID, "ipc_namespace", "ns.ns_id")                                                        \
	FIELD(MNT_INUM, "mnt_namespace", "ns.inum")                                                          \
	FIELD(MNT_USER_NS, "mnt_namespace", "user_ns")                                                       \
	OPTIONAL(MNT_ID, "mnt_namespace", "ns.ns_id")                                                        \
	FIELD(NET_INUM, "net", "ns.inum")                                                                    \
	FIELD(NET_USER_NS, "net", "user_ns")                                                                 \
	OPTIONAL(NET_ID, "net", "ns.ns_id")                                                                  \
	FIELD(PID_INUM, "pid_namespace", "ns.inum")                                                          \
	FIELD(PID_USER_NS, "pid_namespace", "user_ns")                                                       \
	FIELD(PID_PARENT, "pid_namespace", "parent")                                                         \
	OPTIONAL(PID_ID, "pid_namespace", "ns.ns_id")                                                        \
	FIELD(TIME_INUM, "time_namespace", "ns.inum")                                                        \
	FIELD(TIME_USER_NS, "time_namespace", "user_ns")                                                     \
	OPTIONAL(TIME_ID, "time_namespace", "ns.ns_id")                                                      \
	FIELD(USER_INUM, "user_namespace", "ns.inum")                                                        \
	FIELD(USER_PARENT, "user_namespace", "parent")                                                       \
	FIELD(USER_OWNER, "user_namespace", "owner")                                                         \
	OPTIONAL(USER_ID, "user_namespace", "ns.ns_id")                                                      \
	FIELD(UTS_INUM, "uts_namespace", "ns.inum")                                                          \
	FIELD(UTS_USER_NS, "uts_namespace", "user_ns")                                                       \
	OPTIONAL(UTS_ID, "uts_namespace", "ns.ns_id")                                                        \
	FIELD(FILE_INODE, "file", "f_inode")                                                                 \
	FIELD(FILE_PRIVATE, "file", "private_data")                                                          \
	FIELD(INODE_MODE, "inode", "i_mode")                                                                 \
	FIELD(INODE_INO, "inode", "i_ino")                                                                   \
	FIELD(INODE_PRIVATE, "inode", "i_private")                                                           \
	FIELD(COMMON_OPS, "ns_common", "ops")                                                                \
	OPTIONAL(COMMON_TYPE, "ns_common", "ns_type")                                                        \
	OPTIONAL(OPS_TYPE, "proc_ns_operations", "type")                                                     \
	FIELD(INODE_SB, "inode", "i_sb")                                                                     \
	FIELD(SB_MAGIC, "super_block", "s_magic")                                                            \
	FIELD(SOCKET_SK, "socket", "sk")                                                                     \
	FIELD(SOCK_NET, "sock", "__sk_common.skc_net.net")                                                   \
	OPTIONAL(COMMON_INUM, "ns_common", "inum")                                                           \
	OPTIONAL(COMMON_STASHED, "ns_common", "stashed")                                                     \
	OPTIONAL(COMMON_REFS, "ns_common", "__ns_ref")                                                       \
	OPTIONAL(COMMON_COUNT, "ns_common", "count")                                                         \
	OPTIONAL(COMMON_ID, "ns_common", "ns_id")                                                            \
	OPTIONAL(COMMON_LIST, "ns_common", "ns_list_node")                                                   \
	OPTIONAL(COMMON_TREE_LIST, "ns_common", "ns_tree_node.ns_list_entry")                                \
	OPTIONAL(NET_LIST, "net", "list")                                                                    \
	OPTIONAL(NET_COUNT, "net", "count")                                                                  \
	OPTIONAL(NET_COOKIE, "net", "net_cookie")                                                            \
	OPTIONAL(IPC_COUNT, "ipc_namespace", "count")                                                        \
	OPTIONAL(IPC_MQ, "ipc_namespace", "mq_mnt")                                                          \
	OPTIONAL(VFSMOUNT_SB, "vfsmount", "mnt_sb")                                                          \
	OPTIONAL(VFSMOUNT_ROOT, "vfsmount", "mnt_root")                                                      \
	OPTIONAL(DENTRY_INODE, "dentry", "d_inode")                                                          \
	OPTIONAL(SB_TYPE, "super_block", "s_type")                                                           \
	OPTIONAL(SB_INSTANCES, "super_block", "s_instances")                                                 \
	OPTIONAL(SB_INFO, "super_block", "s_fs_info")                                                        \
	OPTIONAL(SB_MOUNTS, "super_block", "s_mounts")                                                       \
	OPTIONAL(FSTYPE_SUPERS, "file_system_type", "fs_supers")                                             \
	OPTIONAL(MOUNT_MNT, "mount", "mnt")                                                                  \
	OPTIONAL(MOUNT_NS, "mount", "mnt_ns")                                                                \
	OPTIONAL(MOUNT_ID, "mount", "mnt_id")                                                                \
	OPTIONAL(MOUNT_INSTANCE, "mount", "mnt_instance")                                                    \
	OPTIONAL(MOUNT_NEXT, "mount", "mnt_next_for_sb")                                                     \
	OPTIONAL(FILE_MNT, "file", "f_path.mnt")                                                             \
	OPTIONAL(FILE_DENTRY, "file", "f_path.dentry")                                                       \
	OPTIONAL(DENTRY_NAME, "dentry", "d_name.name")                                                       \
	OPTIONAL(PROC_INODE_INODE, "proc_inode", "vfs_inode")                                                \
	OPTIONAL(PROC_INODE_ENTRY, "proc_inode", "pde")                                                      \
	OPTIONAL(ENTRY_OPS, "proc_dir_entry", "proc_ops")                                                    \
	OPTIONAL(SEQ_PRIVATE, "seq_file", "private")                                                         \
	OPTIONAL(RING_FILES, "io_ring_ctx", "file_table.data")                                               \
	OPTIONAL(RSRC_COUNT, "io_rsrc_data", "nr")                                                           \
	OPTIONAL(RSRC_NODES, "io_rsrc_data", "nodes")                                                        \
	OPTIONAL(NODE_FILE, "io_rsrc_node", "file_ptr")                                                      \
	OPTIONAL(FILES_TABLE, "files_struct", "fdt")                                                         \
	OPTIONAL(TABLE_FILES, "fdtable", "fd")

#define FIELD_ENTRY(name, structure, path) KERNEL_##name,
enum kernel_field { KERNEL_FIELDS(FIELD_ENTRY, FIELD_ENTRY) KERNEL_FIELD_COUNT };
#undef FIELD_ENTRY

/*
 * The mark of a field: no structure reaches so far, and it fits the 16-bit
 * offset of an instruction.  Marks are separated by 16, so that no two loads look adjacent.
 */
#define FIELD_MARK_FIRST 0x4000
#define FIELD_MARK_STEP 16
#define FIELD_MARK(field) (FIELD_MARK_FIRST + FIELD_MARK_STEP * (field))

/* The id of struct task_struct, and of the function that takes it: see untrusted_task(). */
#define TASK_TYPE_MARK 0x6e730001
#define CAST_MARK 0x6e730002

/* The kernel's number iterator: see CALL_WITH_ITERATOR(). */
#define NUM_NEW_MARK 0x6e730003
#define NUM_NEXT_MARK 0x6e730004
#define NUM_DESTROY_MARK 0x6e730005

/* The address of what a program keeps from one call to the next; the map takes its place. */
#define STATE_MARK 0x6e7363746c000000ULL

#endif
