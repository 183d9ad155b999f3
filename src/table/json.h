/* The parts of the JSON contract that all commands share. */
#ifndef NSCTL_TABLE_JSON_H
#define NSCTL_TABLE_JSON_H

#include <jansson.h>

#include "base/error.h"

/* Grows when a key changes its meaning or goes away; new keys do not change it. */
#define JSON_SCHEMA 1

/* A string that is valid UTF-8 whatever text holds: see text_escape().  NULL without memory. */
json_t *json_safe_string(const char *text);

/* Adds a sentence to the array "warnings" of an object.  Returns 0 or -ENOMEM. */
int json_add_warning(json_t *object, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Adds "schema" and, where it is not there yet, an empty "warnings" array to
 * object, prints it to standard output, and releases it.  A NULL object, or
 * one that lacks a key for want of memory, is -ENOMEM.
 */
int json_print(json_t *object, struct error *err);

#endif
