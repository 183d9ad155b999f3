/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces of several targets side by side. */
#ifndef NSCTL_QUERY_COMPARE_H
#define NSCTL_QUERY_COMPARE_H

#include "ns/type.h"
#include "target/target.h"

/* The namespaces of one target, by type. */
struct compared {
	const char *text;          /* as the user wrote it; borrowed */
	ns_type_set types;         /* the types that it has: a namespace has one */
	ino_t ino[NS_TYPE_COUNT];  /* 0 if it could not be read */
	int reason[NS_TYPE_COUNT]; /* then: a positive errno */
};

enum verdict {
	VERDICT_SAME,
	VERDICT_DIFFERENT,
	VERDICT_UNKNOWN, /* something could not be read, and the rest is the same */
};

/* Looks a target up and reads its namespaces.  Returns 0 or a negative errno. */
int compared_read(const char *text, enum engine engine, struct compared *compared, struct error *err);

/* Compares one type, which all of the targets have. */
enum verdict compare_type(const struct compared *targets, size_t count, enum ns_type type);

#endif
