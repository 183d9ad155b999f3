/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bpf/walk_layout.h"

#include <sched.h>

#include "ns/uapi.h"

static int64_t offset_of(const struct kernel_types *types, enum kernel_field field)
{
	return types->offsets[field] == FIELD_MISSING ? WALK_MISSING : (int64_t)types->offsets[field];
}

/* The offset of a field of a type's structure from the struct ns_common in it. */
static int64_t from_common(const struct kernel_types *types, enum kernel_field field, int64_t object)
{
	int64_t offset = offset_of(types, field);

	return offset == WALK_MISSING ? offset : offset + object;
}

static int64_t first_of(const struct kernel_types *types, enum kernel_field field, enum kernel_field other)
{
	return offset_of(types, types->offsets[field] == FIELD_MISSING ? other : field);
}

static void fill_type(const struct kernel_types *types, enum walk_type type, struct walk_layout *layout)
{
	static const struct {
		enum kernel_field nsproxy;
		enum kernel_field inum;
		enum kernel_field owner;
		uint32_t flag;
	} fields[WALK_TYPES] = {
	    [WALK_CGROUP] = {KERNEL_NSPROXY_CGROUP, KERNEL_CGROUP_INUM, KERNEL_CGROUP_USER_NS,
			     CLONE_NEWCGROUP},
	    [WALK_IPC] = {KERNEL_NSPROXY_IPC, KERNEL_IPC_INUM, KERNEL_IPC_USER_NS, CLONE_NEWIPC},
	    [WALK_MNT] = {KERNEL_NSPROXY_MNT, KERNEL_MNT_INUM, KERNEL_MNT_USER_NS, CLONE_NEWNS},
	    [WALK_NET] = {KERNEL_NSPROXY_NET, KERNEL_NET_INUM, KERNEL_NET_USER_NS, CLONE_NEWNET},
	    [WALK_PID] = {KERNEL_NSPROXY_PID_FOR_CHILDREN, KERNEL_PID_INUM, KERNEL_PID_USER_NS, CLONE_NEWPID},
	    [WALK_TIME] = {KERNEL_NSPROXY_TIME, KERNEL_TIME_INUM, KERNEL_TIME_USER_NS, CLONE_NEWTIME},
	    [WALK_USER] = {KERNEL_CRED_USER_NS, KERNEL_USER_INUM, KERNEL_USER_PARENT, CLONE_NEWUSER},
	    [WALK_UTS] = {KERNEL_NSPROXY_UTS, KERNEL_UTS_INUM, KERNEL_UTS_USER_NS, CLONE_NEWUTS},
	};
	int64_t object = offset_of(types, KERNEL_COMMON_INUM) - offset_of(types, fields[type].inum);

	layout->object[type] = object;
	layout->flag[type] = fields[type].flag;
	layout->task[type] = offset_of(types, type == WALK_USER ? KERNEL_TASK_CRED : KERNEL_TASK_NSPROXY);
	layout->nsproxy[type] = offset_of(types, fields[type].nsproxy);
	layout->owner[type] = from_common(types, fields[type].owner, object);
	layout->node[type] = first_of(types, KERNEL_COMMON_LIST, KERNEL_COMMON_TREE_LIST);
	layout->refs[type] = first_of(types, KERNEL_COMMON_REFS, KERNEL_COMMON_COUNT);
	layout->id[type] = offset_of(types, KERNEL_COMMON_ID);
	layout->parent[type] = WALK_MISSING;
	layout->creator[type] = WALK_MISSING;
}

/* The fields that only some types have. */
static void fill_exceptions(const struct kernel_types *types, struct walk_layout *layout)
{
	int64_t net = layout->object[WALK_NET];

	layout->parent[WALK_PID] = from_common(types, KERNEL_PID_PARENT, layout->object[WALK_PID]);
	layout->creator[WALK_USER] = from_common(types, KERNEL_USER_OWNER, layout->object[WALK_USER]);
	if (layout->node[WALK_NET] == WALK_MISSING)
		layout->node[WALK_NET] = from_common(types, KERNEL_NET_LIST, net);
	if (layout->refs[WALK_NET] == WALK_MISSING)
		layout->refs[WALK_NET] = from_common(types, KERNEL_NET_COUNT, net);
	if (layout->refs[WALK_IPC] == WALK_MISSING)
		layout->refs[WALK_IPC] = from_common(types, KERNEL_IPC_COUNT, layout->object[WALK_IPC]);
	if (layout->id[WALK_NET] == WALK_MISSING)
		layout->id[WALK_NET] = from_common(types, KERNEL_NET_COOKIE, net);
}

static void fill_namespaces(const struct kernel_types *types, struct walk_layout *layout)
{
	layout->inum = offset_of(types, KERNEL_COMMON_INUM);
	layout->ops = offset_of(types, KERNEL_COMMON_OPS);
	layout->stashed = offset_of(types, KERNEL_COMMON_STASHED);
	layout->type = offset_of(types, KERNEL_COMMON_TYPE);
	layout->ops_type = layout->type == WALK_MISSING ? offset_of(types, KERNEL_OPS_TYPE) : WALK_MISSING;
	layout->user_inum = offset_of(types, KERNEL_USER_INUM);
	layout->user_owner = offset_of(types, KERNEL_USER_OWNER);
	layout->ipc_mount = offset_of(types, KERNEL_IPC_MQ);
	for (enum walk_type type = 0; type < WALK_TYPES; type++)
		fill_type(types, type, layout);
	fill_exceptions(types, layout);
}

static void fill_files(const struct kernel_types *types, struct walk_layout *layout)
{
	layout->task_files = offset_of(types, KERNEL_TASK_FILES);
	layout->files_table = offset_of(types, KERNEL_FILES_TABLE);
	layout->table_files = offset_of(types, KERNEL_TABLE_FILES);
	layout->file_inode = offset_of(types, KERNEL_FILE_INODE);
	layout->inode_super = offset_of(types, KERNEL_INODE_SB);
	layout->inode_private = offset_of(types, KERNEL_INODE_PRIVATE);
	layout->dentry_inode = offset_of(types, KERNEL_DENTRY_INODE);
}

static void fill_mounts(const struct kernel_types *types, struct walk_layout *layout)
{
	int64_t instance = offset_of(types, KERNEL_MOUNT_INSTANCE);

	layout->mount_super = offset_of(types, KERNEL_VFSMOUNT_SB);
	layout->mount_root = offset_of(types, KERNEL_VFSMOUNT_ROOT);
	layout->super_type = offset_of(types, KERNEL_SB_TYPE);
	layout->super_node = offset_of(types, KERNEL_SB_INSTANCES);
	layout->super_info = offset_of(types, KERNEL_SB_INFO);
	layout->super_mounts = offset_of(types, KERNEL_SB_MOUNTS);
	layout->type_supers = offset_of(types, KERNEL_FSTYPE_SUPERS);
	layout->mount = offset_of(types, KERNEL_MOUNT_MNT);
	layout->mount_ns = offset_of(types, KERNEL_MOUNT_NS);
	layout->mount_id = offset_of(types, KERNEL_MOUNT_ID);
	layout->mnt_inum = offset_of(types, KERNEL_MNT_INUM);
	layout->is_chain = instance == WALK_MISSING;
	layout->mount_node = layout->is_chain ? 0 : instance;
	layout->mount_next = layout->is_chain ? offset_of(types, KERNEL_MOUNT_NEXT) : instance;
}

void walk_layout_fill(const struct kernel_types *types, struct walk_layout *layout)
{
	fill_namespaces(types, layout);
	fill_files(types, layout);
	fill_mounts(types, layout);
}
