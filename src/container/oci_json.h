/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of an OCI configuration, each of its type or an error that names it. */
#ifndef NSCTL_CONTAINER_OCI_JSON_H
#define NSCTL_CONTAINER_OCI_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Parses length bytes of text, strictly: no name twice in an object.  Whole numbers with
 * 19 digits and more become strings, which oci_get_number() reads: jansson refuses those
 * above INT64_MAX, and an unlimited rlimit is UINT64_MAX.  Returns a value that the caller
 * releases by json_decref(), or NULL with err.
 */
json_t *oci_parse(const char *text, size_t length, struct error *err);

static inline void cleanup_json(json_t **value)
{
	json_decref(*value);
}
#define AUTO_JSON __attribute__((cleanup(cleanup_json)))

/* A value that has values, and its path in the file, for messages: "process.user". */
struct oci_node {
	const json_t *value; /* NULL: it has none */
	const char *path;
};

/*
 * All of these look for key in an object.  Where there is none, or null, *found stays as
 * it is.  Return 1 if there is one, 0 if not, or -EPROTO with err.
 */
int oci_get_object(const struct oci_node *object, const char *key, const json_t **found, struct error *err);
int oci_get_array(const struct oci_node *object, const char *key, const json_t **found, struct error *err);
int oci_get_string(const struct oci_node *object, const char *key, const char **found, struct error *err);
int oci_get_bool(const struct oci_node *object, const char *key, bool *found, struct error *err);

/* A whole number without a sign, up to max. */
int oci_get_number(const struct oci_node *object, const char *key, uint64_t max, uint64_t *found,
		   struct error *err);

/* The string at this place of an array.  Returns NULL with err where it is none. */
const char *oci_string_at(const struct oci_node *array, size_t place, struct error *err);

/* Reads a value as a number up to max.  Returns false where it is none. */
bool oci_to_number(const json_t *value, uint64_t max, uint64_t *number);

/* Fills err: "the OCI configuration: PATH.KEY is not NOUN".  Returns -EPROTO. */
int oci_refuse(const struct oci_node *object, const char *key, const char *noun, struct error *err);

#endif
