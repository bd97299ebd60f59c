/*
 * Stands between SQLite and the disk (LD_PRELOAD): fails syncs or writes when a control file says so, and writes down
 * the order of writes and syncs of the write-ahead log. Only files of the database are touched.
 * The control file (DISK_FAULTS) holds one word: none, eio-sync or enospc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_database(int fd, int *is_log) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  *is_log = length > 14 && strcmp(path + length - 14, "waybill.db-wal") == 0;
  return strstr(path, ".db") != NULL && strstr(path, "lock.db") == NULL;
}

static int wanted(const char *word) {
  const char *control = getenv("DISK_FAULTS");
  if (!control) return 0;
  char text[32] = {0};
  int fd = open(control, O_RDONLY);
  if (fd < 0) return 0;
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  return length > 0 && strncmp(text, word, strlen(word)) == 0;
}

static void note(char what) {
  const char *trace = getenv("DISK_TRACE");
  if (!trace) return;
  int fd = open(trace, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0) return;
  ssize_t written = write(fd, &what, 1);
  (void)written;
  close(fd);
}

#define NEXT(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

static int sync_fault(int fd, int (*next)(int)) {
  int is_log = 0;
  if (!is_database(fd, &is_log)) return next(fd);
  if (wanted("eio-sync")) {
    errno = EIO;
    return -1;
  }
  int result = next(fd);
  if (is_log && result == 0) note('S');
  return result;
}

int fsync(int fd) { return sync_fault(fd, NEXT(fsync)); }
int fdatasync(int fd) { return sync_fault(fd, NEXT(fdatasync)); }

static int write_fault(int fd) {
  int is_log = 0;
  if (!is_database(fd, &is_log)) return 0;
  if (wanted("enospc")) return 1;
  if (is_log) note('W');
  return 0;
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
  if (write_fault(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return NEXT(pwrite64)(fd, data, count, offset);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
  if (write_fault(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return NEXT(pwrite)(fd, data, count, offset);
}
