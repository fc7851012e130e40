# SPDX-License-Identifier: MIT
#
# Builds the libraries by make, for kernels that are not built by CMake:
#
#   make -f surefoot/surefoot.mk OUT=out CXX=clang++-19 AR=llvm-ar-19
#   make -f surefoot/surefoot.mk OUT=out CXX=aarch64-linux-gnu-g++ AR=aarch64-linux-gnu-ar
#
# OUT       where the archives are put, without spaces
# CXX       clang 19 or later, or a GCC for AArch64, 12 or later
# AR        an archiver that belongs to it
# CXXFLAGS  the user's own flags, -O2 -g by default; those that the libraries cannot do without come after them
# LIBCXX    with clang, the folder of libc++'s headers; by default those that were installed with it
#
# Its targets are the archives: surefoot, surefoot_c, surefoot_panic, surefoot_print, surefoot_ftrace,
# surefoot_livepatch, surefoot_profile; all of them by default. Archives and code are the same as those that CMake
# builds.
OUT ?= surefoot-libraries
CXXFLAGS ?= -O2 -g
ifeq ($(origin CXX),default)
CXX := clang++-19
endif
ifeq ($(origin AR),default)
AR := llvm-ar-19
endif

root := $(dir $(lastword $(MAKEFILE_LIST)))
source := $(root)src

target_flags := -I$(root)include -ffreestanding
# As in cmake/SurefootFlags.cmake, which says why.
branch_flags := -mbranch-protection=standard
library_flags := -std=c++23 $(branch_flags) -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector \
  -fno-omit-frame-pointer -ffunction-sections -fdata-sections -mgeneral-regs-only -mstrict-align \
  -mno-omit-leaf-frame-pointer -ffixed-x18 -mno-outline-atomics -fpatchable-function-entry=0
ifneq ($(findstring clang,$(shell $(CXX) --version)),)
LIBCXX ?= $(shell $(CXX) -print-resource-dir)/../../../include/c++/v1
target_flags += --target=aarch64-none-elf
library_flags += -nostdinc++ -isystem $(root)cmake/libcxx -isystem "$(LIBCXX)"
else
# Compilers for Linux are often set to make position-independent code by themselves.
target_flags += -fno-pie
library_flags += -fno-lto -D_GLIBCXX_NO_ASSERTIONS
endif

# A walk is one object, and so is the reader of frame tables: these files are included by the other one of their folder.
included := $(source)/unwind/classify.cpp $(source)/frame_table/function_rows.cpp
objects_in = $(patsubst $(source)/%,$(OUT)/%.o,$(filter-out $(included),$(foreach name,$1,$(wildcard $(source)/$(name)))))
objects_surefoot := $(call objects_in,frame_table/*.cpp port_check/*.cpp return_stack/*.cpp special_ranges/*.cpp \
  unwind/*.cpp user_trace/*.cpp asm/capture.S)
objects_surefoot_c := $(call objects_in,c_api/*.cpp)
objects_surefoot_panic := $(call objects_in,panic/*.cpp)
objects_surefoot_print := $(call objects_in,print/*.cpp)
objects_surefoot_profile := $(call objects_in,profile/*.cpp)
objects_surefoot_ftrace := $(call objects_in,ftrace/*.cpp asm/entry-ftrace.S)
objects_surefoot_livepatch := $(call objects_in,livepatch/*.cpp)

libraries := surefoot surefoot_c surefoot_panic surefoot_print surefoot_ftrace surefoot_livepatch surefoot_profile
.PHONY: all $(libraries)
.DELETE_ON_ERROR:
all: $(libraries)
$(libraries): %: $(OUT)/lib%.a

.SECONDEXPANSION:
$(libraries:%=$(OUT)/lib%.a): $(OUT)/lib%.a: $$(objects_%)
	rm -f $@
	$(AR) rcs $@ $^

$(OUT)/unwind/walk.cpp.o: library_flags += -include $(source)/unwind/classify.cpp
$(OUT)/frame_table/frame_table.cpp.o: library_flags += -include $(source)/frame_table/function_rows.cpp
$(OUT)/%.cpp.o: $(source)/%.cpp
	@mkdir -p $(@D)
	$(CXX) $(target_flags) $(CXXFLAGS) $(library_flags) -MMD -MP -c $< -o $@
$(OUT)/%.S.o: $(source)/%.S
	@mkdir -p $(@D)
	$(CXX) $(target_flags) $(branch_flags) -MMD -MP -c $< -o $@

-include $(foreach library,$(libraries),$(patsubst %.o,%.d,$(objects_$(library))))
