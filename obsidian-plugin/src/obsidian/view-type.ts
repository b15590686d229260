export const VIEW_TYPE = "commonplace-chat";
export const NAME = "Commonplace";
export const MEMORY_VIEW_TYPE = "commonplace-memory";
