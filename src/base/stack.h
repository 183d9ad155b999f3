/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stack of one's own, where the caller's limit leaves too little of one. */
#ifndef NSCTL_BASE_STACK_H
#define NSCTL_BASE_STACK_H

/*
 * Calls run(argc, argv) and returns what it returned.  Where RLIMIT_STACK is
 * below what any command needs, run gets a mapping as its stack: a program
 * that grows beyond the limit would end with SIGSEGV (getrlimit(2)).  Where
 * that cannot be mapped, run is called as it is.
 */
int stack_call(int (*run)(int argc, char **argv), int argc, char **argv);

#endif
