# The libraries of the package, as native/cmake/Assets.cmake left them in the folder NATIVE_ADAMAX_ASSETS: what each
# asks of its loader and gives, and the rules about the machine code of its objects.
function(register_assets)
    names_of_exports(functions)
    include("${CMAKE_SOURCE_DIR}/native/cmake/FindClang.cmake")
    native_adamax_find_clang()
    if(NATIVE_ADAMAX_CLANG)
        native_adamax_clang_tool(objdump llvm-objdump)
        native_adamax_clang_tool(nm llvm-nm)
    endif()
    file(GLOB rids RELATIVE "${NATIVE_ADAMAX_ASSETS}/assets" "${NATIVE_ADAMAX_ASSETS}/assets/*-*")
    foreach(rid IN LISTS rids)
        file(GLOB library "${NATIVE_ADAMAX_ASSETS}/assets/${rid}/native/*native_adamax.*")
        add_test(NAME asset.${rid}.imports_nothing_exports_the_header_and_is_hardened
            COMMAND native_tests packed_library "${library}" ${functions})
        file(GLOB_RECURSE objects "${NATIVE_ADAMAX_ASSETS}/build/assets/${rid}/CMakeFiles/native_adamax.dir/*.o"
            "${NATIVE_ADAMAX_ASSETS}/build/assets/${rid}/CMakeFiles/native_adamax.dir/*.obj")
        if(objects AND objdump AND nm)
            register_codegen_rules(asset.${rid}. "${objdump}" "${nm}" "${objects}")
        else()
            register_skip(asset.${rid}.codegen "only Clang's objects are kept")
        endif()
    endforeach()

    # The library asks for no C library, so that one file serves them all.
    foreach(architecture IN ITEMS x64 arm64)
        file(GLOB files "${NATIVE_ADAMAX_ASSETS}/assets/linux-${architecture}/native/*"
            "${NATIVE_ADAMAX_ASSETS}/assets/linux-musl-${architecture}/native/*")
        list(LENGTH files count)
        if(count EQUAL 2)
            add_test(NAME asset.linux-${architecture}.is_the_file_for_musl
                COMMAND ${CMAKE_COMMAND} -E compare_files ${files})
        endif()
    endforeach()
endfunction()
