// Runs the program on .NET's browser runtime, whose files lie beside this one, without a browser.
import { readdirSync } from 'node:fs';
import { dotnet } from './dotnet.js';

const assemblies = readdirSync(new URL('.', import.meta.url)).filter(name => name.endsWith('.dll'));
const { runMain } = await dotnet.withConfig({
    mainAssemblyName: 'Consumer.dll',
    globalizationMode: 'invariant',
    resources: {
        jsModuleNative: [{ name: 'dotnet.native.js' }],
        jsModuleRuntime: [{ name: 'dotnet.runtime.js' }],
        wasmNative: [{ name: 'dotnet.native.wasm' }],
        coreAssembly: assemblies.map(name => ({ name, virtualPath: name })),
        assembly: [],
    },
}).create();
process.exit(await runMain('Consumer.dll', []));
