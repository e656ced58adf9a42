-- Every invoice whose bytes were removed would come into it; what waits for a renderer has an index of its own.
drop index concurrently if exists public.order_lazada_document_without_pdf;
