/** Which shell reads a text. */
import assert from 'node:assert/strict';
import {
  dialectOfShebang,
  dialectOfShell,
  isWindowsImage,
  shellHasPipefail,
  shellStopsOnError,
} from '../../server/src/shell/dialect';

describe('dialects', () => {
  const shells: readonly (readonly [string | null, string])[] = [
    [null, 'posix'],
    ['/bin/sh -c', 'posix'],
    ['/bin/ash -eo pipefail -c', 'posix'],
    ['/bin/dash -xc', 'posix'],
    ['/bin/bash -c', 'bash'],
    ['/bin/bash -o pipefail -c', 'bash'],
    ['/bin/bash -euxo pipefail -c', 'bash'],
    ['/bin/bash --login -c', 'bash'],
    ['/bin/bash -eu -o pipefail -lc', 'bash'],
    ['/usr/bin/env bash -c', 'bash'],
    ['conda run -n env /bin/bash -c', 'bash'],
    ['/bin/busybox sh -c', 'posix'],
    ['/bin/bash', 'other'],
    ['/bin/sh -eux', 'other'],
    ['/bin/zsh -c', 'other'],
    ['powershell -Command $ErrorActionPreference="Stop";', 'other'],
    ['pwsh -c', 'other'],
    ['cmd /S /C', 'other'],
    ['python3 -c', 'other'],
    ['/usr/bin/fish -c', 'other'],
  ];
  for (const [words, dialect] of shells) {
    it(`of SHELL ${words ?? 'by default'}`, () => assert.equal(dialectOfShell(words?.split(' ') ?? null), dialect));
  }

  const shebangs: readonly (readonly [string, string | null])[] = [
    ['#!/bin/sh\nx', 'posix'],
    ['#!/bin/bash -e\nx', 'bash'],
    ['#!/usr/bin/env bash\nx', 'bash'],
    ['#!/usr/bin/env -S bash -e\nx', 'bash'],
    ['#! /bin/sh\r\nx', 'posix'],
    ['#!/usr/bin/env python3\nx', 'other'],
    ['#!/usr/bin/perl', 'other'],
    ['# !/bin/sh\nx', null],
    ['x', null],
  ];
  for (const [text, dialect] of shebangs) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(dialectOfShebang(text), dialect));
  }

  it('options that change what failure means', () => {
    assert.equal(shellStopsOnError(['/bin/sh', '-ec']), true);
    assert.equal(shellStopsOnError(['/bin/bash', '-o', 'errexit', '-c']), true);
    assert.equal(shellStopsOnError(['/bin/sh', '-c']), false);
    assert.equal(shellStopsOnError(null), false);
    assert.equal(shellHasPipefail(['/bin/bash', '-euxo', 'pipefail', '-c']), true);
    assert.equal(shellHasPipefail(['/bin/bash', '-c']), false);
  });

  it('Windows by the name of the image', () => {
    const windows = [
      'mcr.microsoft.com/windows/servercore:ltsc2022',
      'mcr.microsoft.com/windows/nanoserver:1809',
      'mcr.microsoft.com/windows:1809',
      'mcr.microsoft.com/dotnet/sdk:8.0-nanoserver-1809',
      'python:3.12-windowsservercore',
      'microsoft/nanoserver',
      'microsoft/windowsservercore:10.0',
    ];
    const linux = [
      'alpine',
      'ubuntu:22.04',
      'mcr.microsoft.com/dotnet/sdk:8.0',
      'mcr.microsoft.com/cbl-mariner/base/core:2.0',
      'example/windows-tools:1',
    ];
    assert.deepEqual(
      windows.filter((image) => !isWindowsImage(image)),
      [],
    );
    assert.deepEqual(linux.filter(isWindowsImage), []);
  });
});
