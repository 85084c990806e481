// Time-limited access to sessions of Fudo Enterprise.
package fudo
