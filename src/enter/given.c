/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/given.h"

#include <errno.h>

#include "enter/plan.h"

/* keep:NAME, not keep:NAME/TYPE, which is one namespace as any other. */
static bool is_whole_name(const struct target *target)
{
	return target->kind == TARGET_KEPT && target->types == NS_TYPE_SET_ALL;
}

static ns_type_set choose_types(const struct enter_request *request)
{
	ns_type_set types = request->all || request->wanted == 0 ? NS_TYPE_SET_ALL : request->wanted;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (request->files[type])
			types &= ~(1U << type);
	}
	return types;
}

int given_open(const struct enter_request *request, const struct target *given, struct opened_target *opened,
	       struct error *err)
{
	struct target target = *given;

	/* Each of several targets is entered whole: an option could not say which of them it selects from. */
	if (request->target_count == 1 && is_whole_name(&target))
		target.types = choose_types(request);
	return target_open(&target, request->engine, opened, err);
}

const char *given_name(const struct enter_request *request)
{
	if (request->target_count != 1)
		return NULL;
	return is_whole_name(&request->targets[0]) ? request->targets[0].text : NULL;
}

static enum ns_type first_type(ns_type_set types)
{
	enum ns_type type = 0;

	while (!(types & 1U << type))
		type++;
	return type;
}

/* The record of the name says what it keeps instead. */
static int refuse_missing_of_name(const struct enter_request *request, ns_type_set missing, struct error *err)
{
	AUTO_TARGET struct opened_target opened = TARGET_CLOSED;
	struct target target = request->targets[0];
	int ret;

	target.types = missing;
	ret = target_open(&target, request->engine, &opened, err);
	return ret < 0 ? ret
		       : error_set(err, EAGAIN, "'%.400s' changed while it was being read", target.text);
}

static int refuse_missing(const struct enter_request *request, const struct plan *plan, ns_type_set missing,
			  struct error *err)
{
	const char *name = ns_type_name(first_type(missing));

	if (given_name(request))
		return refuse_missing_of_name(request, missing, err);
	if (request->target_count > 1)
		return error_set(err, EINVAL, "none of the targets has a %s namespace", name);
	error_set(err, EINVAL, "'%.400s' has no %s namespace", request->targets[0].text, name);
	return error_hint(err, "it is a %s namespace", ns_type_name(first_type(plan->namespaces.types)));
}

int given_check(const struct enter_request *request, const struct plan *plan, struct error *err)
{
	ns_type_set missing = request->wanted & ~plan->namespaces.types;

	if (plan->process.dir_fd >= 0)
		return 0;
	if (request->target_count > 0)
		return missing ? refuse_missing(request, plan, missing, err) : 0;
	return request->all || missing ? plan_need_process(plan, "a namespace without a file", err) : 0;
}
