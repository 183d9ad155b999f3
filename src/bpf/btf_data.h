/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BTF in memory: its types by id, and the members of structures. */
#ifndef NSCTL_BPF_BTF_DATA_H
#define NSCTL_BPF_BTF_DATA_H

#include <linux/btf.h>
#include <stddef.h>
#include <stdint.h>

#define BTF_NO_MEMBER UINT32_MAX

/* All zero is closed. */
struct btf_data {
	const char *types;
	size_t types_length;
	const char *names; /* the last byte is 0 */
	size_t names_length;
	uint32_t *by_id; /* where in types each begins */
	size_t count;    /* of ids; 0 is void, which has no type */
};

/*
 * Indexes the types of BTF, however broken; its address is a multiple of 4, and
 * it is borrowed until btf_data_close().  Returns 0; -EPROTO where it is broken;
 * or -ENOMEM.
 */
int btf_data_open(const void *data, uint64_t size, struct btf_data *btf);

void btf_data_close(struct btf_data *btf);
#define AUTO_BTF __attribute__((cleanup(btf_data_close)))

/* The type with an id from 1 to count - 1. */
static inline const struct btf_type *btf_data_type(const struct btf_data *btf, uint32_t id)
{
	return (const struct btf_type *)(btf->types + btf->by_id[id]);
}

/* The name at an offset, as types and members have it; "" outside of all names. */
static inline const char *btf_data_name(const struct btf_data *btf, uint32_t offset)
{
	return offset < btf->names_length ? btf->names + offset : "";
}

/*
 * The offset of a member in bytes, or BTF_NO_MEMBER.  "ns.inum": of the member
 * inum of the embedded structure ns.
 */
uint32_t btf_data_offset(const struct btf_data *btf, const struct btf_type *type, const char *path);

#endif
