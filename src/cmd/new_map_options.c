/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/new_map_options.h"

#include <unistd.h>

#include "cmd/new_options.h"
#include "cmd/values.h"

static void map_single(struct new_options *options, enum id_kind kind, uint32_t id)
{
	struct id_wishes *wishes = &options->request.ids.of[kind];

	options->request.types |= 1U << NS_USER;
	wishes->has_single = true;
	wishes->single = id;
}

int new_map_take_root(void *data, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	map_single(data, ID_USERS, 0);
	map_single(data, ID_GROUPS, 0);
	return 0;
}

int new_map_take_current(void *data, const char *value, struct error *err)
{
	(void)value;
	(void)err;
	map_single(data, ID_USERS, geteuid());
	map_single(data, ID_GROUPS, getegid());
	return 0;
}

int new_map_take_user(void *data, const char *value, struct error *err)
{
	uid_t uid;
	int ret = value_parse_user(value, &uid, err);

	if (ret == 0)
		map_single(data, ID_USERS, uid);
	return ret;
}

int new_map_take_group(void *data, const char *value, struct error *err)
{
	gid_t gid;
	int ret = value_parse_group(value, &gid, err);

	if (ret == 0)
		map_single(data, ID_GROUPS, gid);
	return ret;
}

int new_map_take_range(void *data, int kind, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.types |= 1U << NS_USER;
	return id_wishes_parse(value, &options->request.ids.of[kind], err);
}

/* --map-auto and --map-subids: the same word for users and groups. */
static int map_word(void *data, const char *word, struct error *err)
{
	int ret = new_map_take_range(data, ID_USERS, word, err);

	return ret < 0 ? ret : new_map_take_range(data, ID_GROUPS, word, err);
}

int new_map_take_auto(void *data, const char *value, struct error *err)
{
	(void)value;
	return map_word(data, "auto", err);
}

int new_map_take_subids(void *data, const char *value, struct error *err)
{
	(void)value;
	return map_word(data, "subids", err);
}

int new_map_take_owner(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	options->request.types |= 1U << NS_USER;
	return id_maps_parse_owner(value, &options->request.ids, err);
}

int new_map_take_setgroups(void *data, const char *value, struct error *err)
{
	struct new_options *options = data;

	return id_maps_parse_setgroups(value, &options->request.ids.setgroups, err);
}
