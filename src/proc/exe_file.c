/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/exe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "ns/uapi.h"
#include "proc/call_list.h"
#include "proc/capabilities.h"

/* A linker makes four or five. */
#define SEGMENTS_MAX 8

/* A part of the file that is mapped. */
struct segment {
	uintptr_t start;
	size_t size; /* both in whole pages */
	off_t offset;
	int protection;
};

struct segments {
	struct segment of[SEGMENTS_MAX];
	size_t count;
	bool has_more;
	struct segment relro; /* the data that only relocations write to; size 0: none */
	uintptr_t page;       /* the size of one */
};

static void exe_file_add_segment(const ElfW(Phdr) * header, uintptr_t base, struct segments *segments)
{
	uintptr_t last = segments->page - 1;
	uintptr_t start = (base + header->p_vaddr) & ~last;
	uintptr_t end = (base + header->p_vaddr + header->p_filesz + last) & ~last;

	if (segments->count == SEGMENTS_MAX) {
		segments->has_more = true;
		return;
	}
	segments->of[segments->count++] = (struct segment){
	    .start = start,
	    .size = end - start,
	    .offset = (off_t)(header->p_offset & ~last),
	    .protection = (header->p_flags & PF_R ? PROT_READ : 0) |
			  (header->p_flags & PF_W ? PROT_WRITE : 0) |
			  (header->p_flags & PF_X ? PROT_EXEC : 0),
	};
}

/* The first object is the program itself (dl_iterate_phdr(3)). */
static int exe_file_read_object(struct dl_phdr_info *info, size_t size, void *context)
{
	struct segments *segments = context;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + header->p_vaddr;

		if (header->p_type == PT_LOAD && header->p_filesz > 0)
			exe_file_add_segment(header, info->dlpi_addr, segments);
		if (header->p_type != PT_GNU_RELRO)
			continue;
		/* As the loader does: a page with other data stays writable. */
		segments->relro.start = start & ~(segments->page - 1);
		segments->relro.size =
		    ((start + header->p_memsz) & ~(segments->page - 1)) - segments->relro.start;
	}
	return 1;
}

/* Whether somebody inside might be permitted to write to it. */
static bool exe_file_is_exposed(const struct exe_file *exe_file)
{
	struct stat st;

	return geteuid() == 0 || fstat(exe_file->own_fd, &st) < 0 || st.st_uid != 0 ||
	       st.st_mode & (S_IWGRP | S_IWOTH);
}

/* The sysctl vm.memfd_noexec may require the flag, which is known since Linux 6.3. */
static int exe_file_create_memfd(void)
{
	int fd = memfd_create("nsctl", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	return fd < 0 && errno == EINVAL ? memfd_create("nsctl", MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

/* An executable file must have no writer: this descriptor is closed, and another one reads. */
static int exe_file_make_substitute(struct exe_file *exe_file)
{
	AUTO_CLOSE int fd = exe_file_create_memfd();
	size_t size;
	const void *code = call_list_code(&size);
	char path[40];

	if (fd < 0 || write(fd, code, size) != (ssize_t)size ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	exe_file->substitute_fd = open(path, O_RDONLY | O_CLOEXEC);
	return exe_file->substitute_fd < 0 ? -errno : 0;
}

/*
 * PR_SET_MM_MAP sets all of these, so they must be the present ones: the fields of
 * /proc/PID/stat in proc(5), by their numbers there.
 */
static int exe_file_read_memory(struct prctl_mm_map *memory)
{
	__u64 *const fields[52] = {
	    [26] = &memory->start_code, [27] = &memory->end_code, [28] = &memory->start_stack,
	    [45] = &memory->start_data, [46] = &memory->end_data, [47] = &memory->start_brk,
	    [48] = &memory->arg_start,  [49] = &memory->arg_end,  [50] = &memory->env_start,
	    [51] = &memory->env_end,
	};
	char text[1024];
	ssize_t length = file_read_at_once(AT_FDCWD, "/proc/self/stat", text, sizeof(text));
	char *next = length < 0 ? NULL : strrchr(text, ')'); /* the name can have blanks */

	if (length < 0)
		return (int)length;
	if (!next || strlen(next) < 2)
		return -EPROTO;
	next += 3; /* the third field is a letter */
	for (size_t i = 4; i < sizeof(fields) / sizeof(fields[0]); i++) {
		unsigned long value = strtoul(next, &next, 10);

		if (fields[i])
			*fields[i] = value;
	}
	return *next == ' ' ? 0 : -EPROTO;
}

/* PR_SET_MM_EXE_FILE needs nothing but a capability, which root may lack. */
static bool exe_file_needs_memory(const struct exe_file *exe_file)
{
	return !exe_file->is_early || !capabilities_have(1ULL << CAP_SYS_RESOURCE) ||
	       capabilities_check_initial_user_ns() < 0;
}

void exe_file_free(struct exe_file *exe_file)
{
	cleanup_close(&exe_file->own_fd);
	cleanup_close(&exe_file->substitute_fd);
	*exe_file = EXE_FILE_NONE;
}

static int exe_file_open(struct exe_file *exe_file, struct error *err)
{
	int ret;

	exe_file->own_fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (exe_file->own_fd < 0)
		return error_set_errno(err, errno, "cannot open the file of nsctl, /proc/self/exe");
	exe_file->wanted = exe_file_is_exposed(exe_file);
	if (!exe_file->wanted)
		return 0;
	exe_file->is_early = capabilities_have(1ULL << CAP_SYS_ADMIN);
	exe_file->has_memory = exe_file_needs_memory(exe_file);
	ret = exe_file->has_memory ? exe_file_read_memory(&exe_file->memory) : 0;
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read /proc/self/stat");
	ret = exe_file_make_substitute(exe_file);
	if (ret == 0)
		return 0;
	error_set_errno(err, -ret, "cannot make a file in the place of that of nsctl");
	return ret == -EACCES ? error_hint(err, "the sysctl vm.memfd_noexec must not be 2") : ret;
}

int exe_file_prepare(struct exe_file *exe_file, bool is_optional, struct error *err)
{
	int ret;

	*exe_file = EXE_FILE_NONE;
	ret = exe_file_open(exe_file, err);
	if (ret == 0 || !is_optional) {
		exe_file->is_optional = is_optional;
		return ret;
	}
	exe_file_free(exe_file);
	return 0;
}

/* Moves a segment to memory without a file.  Nothing may write to it between the copy and the move. */
static int exe_file_move(const struct segments *segments, const struct segment *segment, call_list_fn *run)
{
	const struct segment *relro = &segments->relro;
	bool has_relro = relro->size > 0 && relro->start - segment->start < segment->size;
	void *copy = mmap(NULL, segment->size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct call calls[] = {
	    {SYS_mprotect, {(long)copy, (long)segment->size, segment->protection}},
	    {SYS_mremap,
	     {(long)copy, (long)segment->size, (long)segment->size, MREMAP_MAYMOVE | MREMAP_FIXED,
	      (long)segment->start}},
	    {SYS_mprotect, {(long)relro->start, (long)relro->size, PROT_READ}},
	};
	const void *from = (const void *)segment->start; /* NOLINT(performance-no-int-to-ptr) */
	const struct copied copied = {copy, from, segment->size};
	long result;

	if (copy == MAP_FAILED)
		return -errno;
	run(calls, calls + (has_relro ? 3 : 2), &copied);
	result = calls[0].result < 0 ? calls[0].result : calls[1].result;
	if (result >= 0)
		return 0;
	munmap(copy, segment->size);
	return (int)result;
}

/* Only code can be unmapped for a moment: data are needed by the kernel, too, or differ from the file. */
static bool exe_file_is_kept(const struct segment *segment)
{
	size_t size;

	call_list_code(&size);
	return !(segment->protection & PROT_WRITE) && size > 0;
}

static size_t exe_file_add_unmapping(const struct segments *segments, struct call *calls)
{
	size_t count = 0;

	for (size_t i = 0; i < segments->count; i++) {
		const struct segment *segment = &segments->of[i];

		if (exe_file_is_kept(segment))
			calls[count++] =
			    (struct call){SYS_munmap, {(long)segment->start, (long)segment->size}};
	}
	return count;
}

static size_t exe_file_add_mapping(const struct segments *segments, int fd, struct call *calls)
{
	size_t count = 0;

	for (size_t i = 0; i < segments->count; i++) {
		const struct segment *segment = &segments->of[i];

		if (exe_file_is_kept(segment))
			calls[count++] =
			    (struct call){SYS_mmap,
					  {(long)segment->start, (long)segment->size, segment->protection,
					   MAP_PRIVATE | MAP_FIXED, fd, (long)segment->offset}};
	}
	return count;
}

/* Unmaps what is kept, replaces the file, and maps it again.  If that fails, this process ends by SIGSEGV. */
static int exe_file_exchange(const struct exe_file *exe_file, const struct segments *segments,
			     call_list_fn *run)
{
	const struct copied nothing = {0};
	struct prctl_mm_map memory = exe_file->memory;
	struct call calls[2 * SEGMENTS_MAX + 2];
	size_t count = exe_file_add_unmapping(segments, calls);
	struct call *exchange = &calls[count];

	memory.exe_fd = (__u32)exe_file->substitute_fd;
	memory.brk = (uintptr_t)sbrk(0);
	calls[count++] = (struct call){SYS_prctl, {PR_SET_MM, PR_SET_MM_EXE_FILE, exe_file->substitute_fd}};
	if (exe_file->has_memory)
		calls[count++] =
		    (struct call){SYS_prctl, {PR_SET_MM, PR_SET_MM_MAP, (long)&memory, sizeof(memory)}};
	count += exe_file_add_mapping(segments, exe_file->own_fd, calls + count);
	run(calls, calls + count, &nothing);
	return exchange->result == 0 ? 0 : (int)exchange[exe_file->has_memory ? 1 : 0].result;
}

static int exe_file_move_and_exchange(const struct exe_file *exe_file, call_list_fn *run)
{
	struct segments segments = {.page = (uintptr_t)sysconf(_SC_PAGESIZE)};
	int ret = 0;

	dl_iterate_phdr(exe_file_read_object, &segments);
	if (segments.has_more)
		return -E2BIG;
	for (size_t i = 0; i < segments.count && ret == 0; i++) {
		if (!exe_file_is_kept(&segments.of[i]))
			ret = exe_file_move(&segments, &segments.of[i], run);
	}
	return ret < 0 ? ret : exe_file_exchange(exe_file, &segments, run);
}

/* With code that is mapped elsewhere, from the substitute. */
static int exe_file_run_elsewhere(const struct exe_file *exe_file)
{
	size_t size;
	void *code;
	int ret;

	call_list_code(&size);
	if (size == 0)
		return exe_file_move_and_exchange(exe_file, call_list_run);
	code = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_PRIVATE, exe_file->substitute_fd, 0);
	if (code == MAP_FAILED)
		return -errno;
	ret = exe_file_move_and_exchange(exe_file, (call_list_fn *)code);
	munmap(code, size);
	return ret;
}

int exe_file_replace(const struct exe_file *exe_file, bool is_inside, struct error *err)
{
	sigset_t all;
	sigset_t before;
	int ret;

	if (!exe_file->wanted || exe_file->is_early == is_inside)
		return 0;
	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, &before) < 0)
		return error_set_errno(err, errno, "cannot block signals");
	ret = exe_file_run_elsewhere(exe_file);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (ret == 0 || exe_file->is_optional)
		return 0;
	error_set_errno(err, -ret, "cannot hide the file of nsctl from what runs inside");
	return ret == -EPERM || ret == -EINVAL
		   ? error_hint(err,
				"it requires CAP_SYS_ADMIN and a kernel with CONFIG_CHECKPOINT_RESTORE, or "
				"CAP_SYS_RESOURCE in the initial user namespace")
		   : ret;
}
