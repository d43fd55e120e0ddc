/** What a script does to files and to its shell, for rules that move, merge or drop commands. */
export { changesDirectory, type Directories, directoriesOf, pathOf } from './directories';
export { endsShell, type Grouping, groupingNeeded, type Joining, type Obstacle, setsErrexit } from './joining';
export { type Removal, removals } from './removals';
export { type LeakKind, type StateLeak, stateLeaks } from './state-leaks';
export { type Write, writesOf } from './writes';
