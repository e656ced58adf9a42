/** Being written by the pdf helper: leave it to them. */
