/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/binary.h"

#include "enter/plan.h"

int binary_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	(void)request;
	if (directories_are_kept(plan))
		return 0;
	return exe_file_prepare(&plan->exe_file, !plan_enters(plan, NS_MNT), err);
}

int binary_hide(const struct plan *plan, struct error *err)
{
	return exe_file_replace(&plan->exe_file, false, err);
}

int binary_hide_inside(const struct plan *plan, struct error *err)
{
	return exe_file_replace(&plan->exe_file, true, err);
}
