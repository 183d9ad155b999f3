/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and groups that do not exist in the user namespace of the program: what its maps allow instead. */
#ifndef NSCTL_ENTER_UNMAPPED_H
#define NSCTL_ENTER_UNMAPPED_H

#include "enter/part.h"
#include "enter/supplementary.h"
#include "proc/id_kind.h"

/*
 * Adds to err, the message of an id that is not mapped, the options that work
 * with these maps.  Returns -err->number.
 */
int unmapped_hint(const struct translation *maps, struct error *err);

/*
 * After the join, the kernel refused this user or group.  If the user namespace
 * of this process has no map for it, adds that and what works to err.  Returns
 * -err->number.
 */
int unmapped_explain(const struct plan *plan, enum id_kind kind, uint32_t id, struct error *err);

/* Whether user and group 0 exist in the user namespace of this process; true where that cannot be read. */
bool unmapped_has_root(const struct plan *plan);

#endif
