/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/binary.h"

#include "enter/plan.h"

int binary_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	(void)request;
	return directories_are_kept(plan) ? 0 : exe_file_prepare(&plan->exe_file, err);
}

int binary_hide(const struct plan *plan, struct error *err)
{
	return exe_file_replace(&plan->exe_file, false, err);
}

int binary_hide_inside(const struct plan *plan, struct error *err)
{
	return exe_file_replace(&plan->exe_file, true, err);
}
