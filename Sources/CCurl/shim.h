// Swift cannot call variadic functions such as curl_easy_setopt and curl_easy_getinfo.
// These wrappers provide one typed function per kind of argument.
#pragma once
#include <curl/curl.h>

static inline CURLcode gauntlet_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gauntlet_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gauntlet_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gauntlet_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode gauntlet_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*gauntlet_curl_data)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode gauntlet_curl_set_data_callback(CURL *handle, CURLoption option, gauntlet_curl_data value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*gauntlet_curl_sockopt)(void *context, curl_socket_t socket, curlsocktype purpose);
static inline CURLcode gauntlet_curl_set_sockopt_callback(CURL *handle, gauntlet_curl_sockopt value) {
    return curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, value);
}
typedef curl_socket_t (*gauntlet_curl_opensocket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);
static inline CURLcode gauntlet_curl_set_opensocket_callback(CURL *handle, gauntlet_curl_opensocket value) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, value);
}
typedef int (*gauntlet_curl_closesocket)(void *context, curl_socket_t socket);
static inline CURLcode gauntlet_curl_set_closesocket_callback(CURL *handle, gauntlet_curl_closesocket value) {
    return curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, value);
}
static inline CURLcode gauntlet_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gauntlet_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gauntlet_curl_get_string(CURL *handle, CURLINFO info, char **value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gauntlet_curl_get_socket(CURL *handle, CURLINFO info, curl_socket_t *value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLcode gauntlet_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}
static inline CURLMcode gauntlet_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}
static inline CURLcode gauntlet_curl_set_debug_callback(CURL *handle, curl_debug_callback value) {
    return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, value);
}
static inline CURLcode gauntlet_curl_set_prereq_callback(CURL *handle, curl_prereq_callback value) {
    return curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLSHcode gauntlet_curl_share_set_long(CURLSH *share, CURLSHoption option, long value) {
    return curl_share_setopt(share, option, value);
}
