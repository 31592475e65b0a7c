# ccache's gcc stands before the real one: it compiles a file once and remembers the result.
PATH=/usr/lib/ccache:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CCACHE_DIR=/var/cache/ccache
DEBIAN_FRONTEND=noninteractive
LC_ALL=C.UTF-8
export PATH CCACHE_DIR DEBIAN_FRONTEND LC_ALL
