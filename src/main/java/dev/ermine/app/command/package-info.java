/**
 * The command line of those who decide on trust: it answers from files alone, by the code that
 * decides queries, and starts no server.
 */
@NullMarked
package dev.ermine.app.command;

import org.jspecify.annotations.NullMarked;
