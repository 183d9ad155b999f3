/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the user typed to containers. */
#ifndef NSCTL_CONTAINER_SEARCH_H
#define NSCTL_CONTAINER_SEARCH_H

#include "container/container.h"

/* The criteria of a search. */
struct container_search {
	const struct runtime *runtime; /* NULL: containers of any */
	const char *word; /* a name, an id or the beginning of one; of containerd also NAMESPACE/ID */
	bool is_pod;      /* word is NAMESPACE/NAME: its sandbox; or NAMESPACE/NAME/CONTAINER */
	bool has_user;    /* only containers of user */
	uid_t user;
};

/* The result of a search; the containers belong to struct containers. */
struct container_matches {
	struct container **items;
	size_t count;
	size_t capacity;
};

/* The fewest letters of an id that stand for it where no runtime is named: fewer may be any word. */
#define CONTAINER_PREFIX_MIN 4

/*
 * Reads the containers and finds those that fit: by name or whole id; if none
 * does, by the beginning of the id.  Of several, those that are not running are
 * left out unless all are.  No container of another user takes the place of one of
 * root or of the caller: both are found then, those first.  Returns 0, also where none was found, or -ENOMEM.
 */
int containers_search(struct containers *containers, const struct container_search *search,
		      struct container_matches *matches);

/* Whether the container of this index is not another's again, which its runtime only runs. */
bool containers_is_one(const struct containers *containers, size_t index);

void container_matches_free(struct container_matches *matches);
#define AUTO_MATCHES __attribute__((cleanup(container_matches_free)))

/* The parts of a container that distinguish it from others of the same name. */
struct container_form {
	bool by_id;   /* another one of the same runtime and user has its name */
	bool by_user; /* another user may have one of the same runtime and name */
};

/* Stores how to write the container as a target: "docker:web", "podman:1000@web". */
void container_format_target(const struct container *container, struct container_form form, char *text,
			     size_t size);

#endif
