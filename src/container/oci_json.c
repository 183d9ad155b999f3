/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

/* INT64_MAX has 19 digits. */
#define LARGE_DIGITS 19

/* The copy of a text in which large numbers are quoted. */
struct quoted {
	char *text;
	size_t length;
};

static void quoted_add(struct quoted *quoted, const char *text, size_t length)
{
	memcpy(quoted->text + quoted->length, text, length);
	quoted->length += length;
}

/* The length of the string that begins at the quote; an unfinished one is what is left. */
static size_t measure_string(const char *text, size_t length)
{
	size_t i = 1;

	while (i < length && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < length ? i + 1 : length;
}

/* The length of what can be a part of a number; 0: nothing is. */
static size_t measure_number(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && strchr("0123456789+-.eE", text[i]) && text[i] != '\0')
		i++;
	return i;
}

static bool is_large(const char *text, size_t length)
{
	size_t digits = 0;

	while (digits < length && text[digits] >= '0' && text[digits] <= '9')
		digits++;
	return digits == length && length >= LARGE_DIGITS;
}

static int quote_large_numbers(const char *text, size_t length, struct quoted *quoted)
{
	/* Two quotes for each number of at least 19 digits. */
	quoted->text = malloc(length + length / LARGE_DIGITS * 2 + 2);
	if (!quoted->text)
		return -ENOMEM;
	for (size_t i = 0; i < length;) {
		bool starts_string = text[i] == '"';
		size_t number = starts_string ? 0 : measure_number(text + i, length - i);
		size_t part = starts_string ? measure_string(text + i, length - i) : number;
		bool large = number > 0 && is_large(text + i, number);

		if (part == 0)
			part = 1;
		if (large)
			quoted_add(quoted, "\"", 1);
		quoted_add(quoted, text + i, part);
		if (large)
			quoted_add(quoted, "\"", 1);
		i += part;
	}
	return 0;
}

json_t *oci_parse(const char *text, size_t length, struct error *err)
{
	struct quoted quoted = {0};
	json_error_t reason;
	json_t *value;

	if (quote_large_numbers(text, length, &quoted) < 0) {
		error_set_errno(err, ENOMEM, "cannot read the OCI configuration");
		return NULL;
	}
	value = json_loadb(quoted.text, quoted.length, JSON_REJECT_DUPLICATES, &reason);
	free(quoted.text);
	if (!value)
		error_set(err, EPROTO, "the OCI configuration is no JSON: line %d, %.160s", reason.line,
			  reason.text);
	return value;
}

int oci_refuse(const struct oci_node *object, const char *key, const char *noun, struct error *err)
{
	return error_set(err, EPROTO, "the OCI configuration: %s%s%s is not %s", object->path,
			 object->path[0] && key[0] ? "." : "", key, noun);
}

/* The value of key; NULL: there is none. */
static const json_t *find_value(const struct oci_node *object, const char *key)
{
	const json_t *value = json_object_get(object->value, key);

	return json_is_null(value) ? NULL : value;
}

int oci_get_object(const struct oci_node *object, const char *key, const json_t **found, struct error *err)
{
	const json_t *value = find_value(object, key);

	if (!value)
		return 0;
	if (!json_is_object(value))
		return oci_refuse(object, key, "an object", err);
	*found = value;
	return 1;
}

int oci_get_array(const struct oci_node *object, const char *key, const json_t **found, struct error *err)
{
	const json_t *value = find_value(object, key);

	if (!value)
		return 0;
	if (!json_is_array(value))
		return oci_refuse(object, key, "an array", err);
	*found = value;
	return 1;
}

int oci_get_string(const struct oci_node *object, const char *key, const char **found, struct error *err)
{
	const json_t *value = find_value(object, key);

	if (!value)
		return 0;
	if (!json_is_string(value))
		return oci_refuse(object, key, "a string", err);
	*found = json_string_value(value);
	return 1;
}

int oci_get_bool(const struct oci_node *object, const char *key, bool *found, struct error *err)
{
	const json_t *value = find_value(object, key);

	if (!value)
		return 0;
	if (!json_is_boolean(value))
		return oci_refuse(object, key, "true or false", err);
	*found = json_is_true(value);
	return 1;
}

bool oci_to_number(const json_t *value, uint64_t max, uint64_t *number)
{
	const char *text = json_string_value(value);

	if (text)
		return strlen(text) >= LARGE_DIGITS && text_parse_number(text, max, number);
	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*number = (uint64_t)json_integer_value(value);
	return *number <= max;
}

int oci_get_number(const struct oci_node *object, const char *key, uint64_t max, uint64_t *found,
		   struct error *err)
{
	const json_t *value = find_value(object, key);

	if (!value)
		return 0;
	return oci_to_number(value, max, found) ? 1 : oci_refuse(object, key, "a number in its range", err);
}

const char *oci_string_at(const struct oci_node *array, size_t place, struct error *err)
{
	const json_t *value = json_array_get(array->value, place);

	if (!json_is_string(value))
		oci_refuse(array, "", "an array of strings", err);
	return json_string_value(value);
}
