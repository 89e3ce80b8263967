/** Several members in one thread on virtual time. */
package dev.kittiwake.pd.group;
